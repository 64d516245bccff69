package logfile

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"maps"
	"net/url"
	"os"
	"path"
	"slices"
	"strings"
	"sync"
	"time"

	"statehouse/engine/logging"
)

// The answers that a caller can do something about.
var (
	ErrNotFound = errors.New("there is no such log group or stream")
	ErrExists   = errors.New("the log group exists")
	ErrToken    = errors.New("the page token is not valid")
)

// Config says where the groups are, and how long.
type Config struct {
	Dir       string           // required; made when it is missing
	Retention time.Duration    // streams older than this go; 0: none
	Bytes     int64            // when all streams are larger than this the oldest go; 0: none
	Clock     func() time.Time // default time.Now
	Log       *slog.Logger     // default: none

	StreamBytes int64 // a stream this large is followed by another one; default 16 MiB
}

const (
	streamAge   = time.Hour        // between the begin of a stream and its last record
	streamEarly = 10 * time.Minute // between its first record and its begin: that one came late
)

// Folder keeps log groups. It is safe for concurrent use, by one process.
type Folder struct {
	Config
	root *os.Root

	mu     sync.Mutex
	groups map[string]*group
	bytes  int64
	writes writes
}

type group struct {
	dir     string
	created time.Time
	deleted bool // by name; it takes no records until it is created again
	streams map[string]*stream
}

type stream struct {
	name, file string
	begin      time.Time
	size       int64 // bytes that are on disk for good
}

// Open reads what is there.
func Open(c Config) (*Folder, error) {
	if c.Clock == nil {
		c.Clock = time.Now
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.StreamBytes <= 0 {
		c.StreamBytes = 16 << 20
	}
	if err := os.MkdirAll(c.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the folder of logs: %w", err)
	}
	root, err := os.OpenRoot(c.Dir)
	if err != nil {
		return nil, fmt.Errorf("open the folder of logs: %w", err)
	}
	f := &Folder{Config: c, root: root, groups: map[string]*group{}, writes: writes{current: map[place]*writing{}}}
	if err := f.scan(); err != nil {
		return nil, errors.Join(fmt.Errorf("read the folder of logs: %w", err), root.Close())
	}
	return f, nil
}

// Close lets go of the files.
func (f *Folder) Close() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return errors.Join(f.closeWritings(func(place) bool { return true }), f.root.Close())
}

// about is what group.json says.
type about struct {
	Name    string    `json:"name"`
	Created time.Time `json:"created"`
	Deleted bool      `json:"deleted,omitempty"`
}

// scan finds the groups. Folders and files that are not ours are left alone.
func (f *Folder) scan() error {
	dirs, err := fs.ReadDir(f.root.FS(), ".")
	if err != nil {
		return err
	}
	for _, d := range dirs {
		text, err := f.root.ReadFile(path.Join(d.Name(), groupFile))
		var a about
		if err != nil || json.Unmarshal(text, &a) != nil || logging.CheckGroup(a.Name) != nil || escape(a.Name) != d.Name() {
			continue
		}
		g := &group{dir: d.Name(), created: a.Created, deleted: a.Deleted, streams: map[string]*stream{}}
		files, err := fs.ReadDir(f.root.FS(), d.Name())
		if err != nil {
			return err
		}
		for _, file := range files {
			base, ok := strings.CutSuffix(file.Name(), suffix)
			name, err := url.PathUnescape(base)
			begin, ours := beginOf(name)
			info, statErr := file.Info()
			if !ok || !ours || err != nil || statErr != nil || !info.Mode().IsRegular() {
				continue
			}
			g.streams[name] = &stream{name: name, file: path.Join(g.dir, file.Name()), begin: begin, size: info.Size()}
			f.bytes += info.Size()
		}
		f.groups[a.Name] = g
	}
	return nil
}

// CreateGroup makes a group. ErrExists.
func (f *Folder) CreateGroup(name string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if g := f.groups[name]; g != nil && !g.deleted {
		return ErrExists
	}
	_, err := f.make(name)
	return err
}

// WantGroup makes a group that was never there. ErrNotFound when it was deleted: it stays so
// until somebody creates it.
func (f *Folder) WantGroup(name string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	g := f.groups[name]
	switch {
	case g == nil:
		_, err := f.make(name)
		return err
	case g.deleted:
		return ErrNotFound
	}
	return nil
}

// make makes a group, or lets a deleted one live again.
func (f *Folder) make(name string) (*group, error) {
	if err := logging.CheckGroup(name); err != nil {
		return nil, err
	}
	g := &group{dir: escape(name), created: f.Clock().UTC().Truncate(time.Millisecond), streams: map[string]*stream{}}
	if err := f.root.MkdirAll(g.dir, 0o700); err != nil {
		return nil, fmt.Errorf("make log group %s: %w", name, err)
	}
	if err := f.describe(name, g); err != nil {
		return nil, err
	}
	f.groups[name] = g
	return g, nil
}

func (f *Folder) describe(name string, g *group) error {
	text, err := json.Marshal(about{name, g.created, g.deleted})
	if err == nil {
		err = f.root.WriteFile(path.Join(g.dir, groupFile), text, 0o600)
	}
	if err != nil {
		return fmt.Errorf("describe log group %s: %w", name, err)
	}
	return nil
}

// DeleteGroup deletes a group with its streams. Records that are appended to it go nowhere
// until it is created again, as on AWS; the first record makes a group that was never there.
// ErrNotFound.
func (f *Folder) DeleteGroup(name string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	g := f.groups[name]
	if g == nil || g.deleted {
		return ErrNotFound
	}
	errs := []error{f.closeWritings(func(p place) bool { return p.group == name })}
	g.deleted = true
	errs = append(errs, f.describe(name, g))
	for _, s := range g.streams {
		errs = append(errs, f.remove(g, s))
	}
	return errors.Join(errs...)
}

// remove deletes a stream.
func (f *Folder) remove(g *group, s *stream) error {
	if err := f.root.Remove(s.file); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("delete log stream %s: %w", s.name, err)
	}
	delete(g.streams, s.name)
	f.bytes -= s.size
	return nil
}

// Group describes a group.
type Group struct {
	Name    string
	Created time.Time
	Bytes   int64
}

// Groups lists groups whose names begin with prefix, by name.
func (f *Folder) Groups(prefix string) []Group {
	f.mu.Lock()
	defer f.mu.Unlock()
	var list []Group
	for _, name := range slices.Sorted(maps.Keys(f.groups)) {
		g := f.groups[name]
		if g.deleted || !strings.HasPrefix(name, prefix) {
			continue
		}
		it := Group{Name: name, Created: g.created}
		for _, s := range g.streams {
			it.Bytes += s.size
		}
		list = append(list, it)
	}
	return list
}

// Prune deletes streams that are too old, and the oldest when all are too large. Streams that
// are written to stay.
func (f *Folder) Prune() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	type old struct {
		g *group
		s *stream
	}
	var all []old
	for name, g := range f.groups {
		for _, s := range g.streams {
			if !f.writes.to(name, s) {
				all = append(all, old{g, s})
			}
		}
	}
	slices.SortFunc(all, func(a, b old) int { return a.s.begin.Compare(b.s.begin) })
	stale := f.Clock().Add(-f.Retention - streamAge)
	n := 0
	var errs []error
	for _, o := range all {
		tooOld := f.Retention > 0 && o.s.begin.Before(stale)
		if !tooOld && (f.Bytes <= 0 || f.bytes <= f.Bytes) {
			break
		}
		if err := f.remove(o.g, o.s); err != nil {
			errs = append(errs, err)
			continue
		}
		n++
	}
	if n > 0 {
		f.Log.Info("old log streams deleted", "streams", n)
	}
	return errors.Join(errs...)
}
