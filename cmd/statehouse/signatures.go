package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"os"

	"statehouse/engine"
	"statehouse/engine/vault"
)

// signatures holds the settings of who may call the AWS API.
type signatures struct {
	VerifySignatures bool   `name:"verify-signatures" env:"STATEHOUSE_VERIFY_SIGNATURES" help:"Verify the signatures of calls of the AWS API at --addr, too: each needs an access key."`
	APIAddr          string `name:"api-addr" env:"STATEHOUSE_API_ADDR" placeholder:"HOST:PORT" help:"Second address, for the AWS API alone; signatures are always verified there, so other machines may reach it."`
	APITLSCert       string `name:"api-tls-cert" env:"STATEHOUSE_API_TLS_CERT" type:"path" placeholder:"FILE" help:"Certificate chain in PEM: --api-addr speaks HTTPS."`
	APITLSKey        string `name:"api-tls-key" env:"STATEHOUSE_API_TLS_KEY" type:"path" placeholder:"FILE" help:"Private key of the certificate."`

	Vault keyFile `embed:""`
}

// keyFile says where the key is that seals secrets.
type keyFile struct {
	VaultKeyFile string `name:"vault-key-file" env:"STATEHOUSE_VAULT_KEY_FILE" type:"path" placeholder:"FILE" help:"File with the key that seals secrets: 32 bytes in base64. By default vault.key in the data folder, made when it is needed."`
}

func (k keyFile) open(data string) *vault.Vault {
	if k.VaultKeyFile != "" {
		return vault.InFile(k.VaultKeyFile)
	}
	return vault.InFolder(data)
}

func (s *signatures) check() error {
	if s.APIAddr == "" {
		if s.APITLSCert != "" || s.APITLSKey != "" {
			return errors.New("--api-tls-cert and --api-tls-key belong to --api-addr, which is not given")
		}
		return nil
	}
	if _, _, err := net.SplitHostPort(s.APIAddr); err != nil {
		return fmt.Errorf("--api-addr must be host:port, like 0.0.0.0:8443: %w", err)
	}
	if (s.APITLSCert == "") != (s.APITLSKey == "") {
		return errors.New("--api-tls-cert and --api-tls-key belong together: give both or none")
	}
	return nil
}

// ready looks at the access keys before anything is served. Where signatures are verified
// the vault must open them, and an address that other machines reach needs one at least.
func (s *signatures) ready(ctx context.Context, eng *engine.Engine, data string, log *slog.Logger) error {
	good, err := eng.CheckAccessKeys(ctx)
	if f, ok := errors.AsType[*engine.Fault](err); ok && f.Code == engine.VaultUnusable {
		if s.VerifySignatures || s.APIAddr != "" {
			return dataError{errors.New(f.Message)}
		}
		log.WarnContext(ctx, "access keys cannot be used", "error", f.Message)
		return nil
	}
	if err != nil {
		return err
	}
	host, _, _ := net.SplitHostPort(s.APIAddr)
	if s.APIAddr != "" && !loopback(host) && good == 0 {
		return fmt.Errorf("--api-addr %s: other machines reach this address, and there is no access key yet that could let anybody in; make one first: statehouse access-key create --data %s --name NAME --role operator",
			s.APIAddr, data)
	}
	if s.APIAddr != "" && !loopback(host) && s.APITLSCert == "" {
		log.WarnContext(ctx, "calls at --api-addr are signed but not encrypted: give --api-tls-cert and --api-tls-key, or put a proxy with TLS in front that keeps the Host header")
	}
	return nil
}

// listen opens the second address; nil without one. URL is where its clients find it.
func (s *signatures) listen() (l net.Listener, url string, err error) {
	if s.APIAddr == "" {
		return nil, "", nil
	}
	var config *tls.Config
	scheme := "http"
	if s.APITLSCert != "" {
		pair, err := tls.LoadX509KeyPair(s.APITLSCert, s.APITLSKey)
		if err != nil {
			return nil, "", fmt.Errorf("--api-tls-cert %s, --api-tls-key %s: %w", s.APITLSCert, s.APITLSKey, err)
		}
		config = &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12, NextProtos: []string{"h2", "http/1.1"}}
		scheme = "https"
	}
	l, err = net.Listen("tcp", s.APIAddr)
	if err != nil {
		return nil, "", fmt.Errorf("listen on %s: %w (choose another --api-addr)", s.APIAddr, err)
	}
	url = scheme + "://" + reachable(l.Addr().String())
	if config != nil {
		l = tls.NewListener(l, config)
	}
	return l, url, nil
}

// reachable is an address by which others find a listener: one on all addresses goes by the
// machine's name.
func reachable(addr string) string {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return addr
	}
	if ip, err := netip.ParseAddr(host); err == nil && ip.IsUnspecified() {
		if name, err := os.Hostname(); err == nil {
			host = name
		}
	}
	return net.JoinHostPort(host, port)
}

// loopback tells whether only this machine reaches a host.
func loopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.IsLoopback()
}
