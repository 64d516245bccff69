package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"statehouse/engine"
	"statehouse/engine/access"
	"statehouse/engine/ledger"
	"statehouse/store/sqlite"
)

// accessKeys are the commands about the keys that programs sign their calls with. They work
// on the data folder, or ask the server that has it open.
type accessKeys struct {
	Create createKey `cmd:"" help:"Make a key and print its secret, this once."`
	List   listKeys  `cmd:"" help:"List the keys."`
	Revoke revokeKey `cmd:"" help:"End a key for ever, at once."`
}

// keyFolder says where the keys are.
type keyFolder struct {
	Data  string  `default:"./statehouse-data" type:"path" help:"Folder of the database."`
	Vault keyFile `embed:""`
}

// keyAdmin is what the commands need, of the folder or of the server that has it open.
type keyAdmin interface {
	CreateAccessKey(ctx context.Context, name string, roles []access.Role) (engine.NewAccessKey, error)
	AccessKeys(ctx context.Context) ([]ledger.AccessKey, error)
	RevokeAccessKey(ctx context.Context, id string) error
}

// with opens the folder, or finds its server, and does something there. Only fresh makes a
// folder that is not there.
func (f keyFolder) with(ctx context.Context, fresh bool, do func(keyAdmin) error) (err error) {
	if _, err := os.Stat(f.Data); err != nil && !fresh {
		return fmt.Errorf("there is no data folder %s: say which with --data", f.Data)
	}
	log := slog.New(slog.DiscardHandler)
	store, err := sqlite.Open(ctx, sqlite.Config{Dir: f.Data, Log: log})
	if errors.Is(err, sqlite.ErrLocked) {
		addr, err := announced(f.Data)
		if err != nil {
			return dataError{err}
		}
		return do(&remoteKeys{base: "http://" + addr})
	}
	if err != nil {
		return dataError{err}
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	eng, err := engine.New(engine.Config{Store: store, Vault: f.Vault.open(f.Data), Log: log})
	if err != nil {
		return err
	}
	return plain(do(eng))
}

// plain is an error in the words for people.
func plain(err error) error {
	if f, ok := errors.AsType[*engine.Fault](err); ok {
		return errors.New(f.Message)
	}
	return err
}

type createKey struct {
	Name   string   `required:"" help:"Which program will use it: letters, digits and + = , . @ _ -"`
	Role   []string `required:"" placeholder:"ROLE" help:"What it may do: viewer, approver, operator, designer or admin. May be given more than once."`
	Region string   `default:"us-east-1" help:"Region of the server, for the printed lines; a running server tells its own."`

	keyFolder `embed:""`
}

// Help says what comes where.
func (createKey) Help() string {
	return `Standard output has lines for a shell, standard error what there is to know:

  eval "$(statehouse access-key create --name ci --role operator)"

It works while the server runs and while it is stopped.`
}

// Run makes a key.
func (k *createKey) Run(ctx context.Context, c *console) error {
	roles := make([]access.Role, len(k.Role))
	for i, r := range k.Role {
		roles[i] = access.Role(strings.ToLower(r))
	}
	return k.with(ctx, true, func(a keyAdmin) error {
		made, err := a.CreateAccessKey(ctx, k.Name, roles)
		if err != nil {
			return err
		}
		region, endpoint := k.Region, ""
		if r, ok := a.(*remoteKeys); ok {
			region, endpoint = r.region, r.endpoint
		}
		if _, err := fmt.Fprintln(c.out, made.Lines(region, endpoint)); err != nil {
			return err
		}
		_, err = fmt.Fprintf(c.err, "The key of %s (%s) is ready. Its secret is shown this once.\n", made.Name, rolesText(made.Roles))
		return err
	})
}

type listKeys struct {
	keyFolder `embed:""`
}

// Run lists the keys.
func (k *listKeys) Run(ctx context.Context, c *console) error {
	return k.with(ctx, false, func(a keyAdmin) error {
		keys, err := a.AccessKeys(ctx)
		if err != nil {
			return err
		}
		if len(keys) == 0 {
			_, err := fmt.Fprintln(c.err, "There are no access keys yet. Make one: statehouse access-key create --name NAME --role operator")
			return err
		}
		return printKeys(c.out, keys)
	})
}

func printKeys(to io.Writer, keys []ledger.AccessKey) error {
	w := tabwriter.NewWriter(to, 0, 0, 2, ' ', 0)
	when := func(t time.Time) string {
		if t.IsZero() {
			return "never"
		}
		return t.UTC().Format(time.RFC3339)
	}
	fmt.Fprintln(w, "ID\tNAME\tROLES\tCREATED\tLAST USED\tSTATE")
	for _, k := range keys {
		state := "good"
		if !k.Good() {
			state = "revoked " + when(k.Revoked)
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", k.ID, k.Name, rolesText(k.Roles), when(k.Created), when(k.LastUsed), state)
	}
	return w.Flush()
}

func rolesText(roles []access.Role) string {
	texts := make([]string, len(roles))
	for i, r := range roles {
		texts[i] = string(r)
	}
	return strings.Join(texts, ",")
}

type revokeKey struct {
	ID string `arg:"" name:"ID" help:"The access key ID."`

	keyFolder `embed:""`
}

// Run revokes a key.
func (k *revokeKey) Run(ctx context.Context, c *console) error {
	return k.with(ctx, false, func(a keyAdmin) error {
		if err := a.RevokeAccessKey(ctx, k.ID); err != nil {
			return err
		}
		_, err := fmt.Fprintf(c.out, "%s is revoked.\n", k.ID)
		return err
	})
}
