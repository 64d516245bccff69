package object

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"
	"sync"
	"syscall"
)

// uploads is the folder of objects that are not yet whole. No bucket can have this name.
const uploads = ".uploads"

// Folder is the Store that keeps the object KEY of the bucket BUCKET in the file
// <dir>/BUCKET/KEY. A bucket is there when its folder is; whoever wants one makes the folder.
// File names that keys need and file systems refuse are escaped (see names.go).
//
// ETags are made of a file's size and time, not of its bytes, so that listing a bucket reads
// no object; the "-1" at their end is how S3 marks ETags that are no MD5 sum. There are no
// versions and no owners: asking for a version finds none.
type Folder struct {
	root  *os.Root
	mu    sync.Mutex // changes of names, so that "a" can become a folder when "a/b" comes
	exact bool       // the file system tells upper from lower case
}

// NewFolder keeps objects below dir, which is made when it is missing. Files outside dir are
// out of reach, also through symbolic links.
func NewFolder(dir string) (*Folder, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the folder of objects: %w", err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("open the folder of objects: %w", err)
	}
	f := &Folder{root: root}
	if err := f.clean(); err != nil {
		return nil, errors.Join(fmt.Errorf("prepare the folder of objects: %w", err), root.Close())
	}
	return f, nil
}

// clean throws away what an earlier process did not finish, and looks how the file system
// treats case.
func (f *Folder) clean() error {
	if err := f.root.RemoveAll(uploads); err != nil {
		return err
	}
	if err := f.root.Mkdir(uploads, 0o700); err != nil {
		return err
	}
	_, err := f.root.Stat(strings.ToUpper(uploads))
	f.exact = errors.Is(err, fs.ErrNotExist)
	return nil
}

// Close lets go of the folder.
func (f *Folder) Close() error { return f.root.Close() }

// Open implements Store.
func (f *Folder) Open(_ context.Context, bucket, key string, o Get) (io.ReadCloser, Info, error) {
	file, info, err := f.open(bucket, key, o)
	if err != nil {
		return nil, Info{}, err
	}
	if o.Offset > 0 {
		if o.Offset >= info.Size {
			return nil, Info{}, errors.Join(ErrRange, file.Close())
		}
		if _, err := file.Seek(o.Offset, io.SeekStart); err != nil {
			return nil, Info{}, errors.Join(failed("read", key, err), file.Close())
		}
	}
	return file, info, nil
}

// OpenAt implements Store. The open file stays the object that it was: Commit puts a new file
// in its place.
func (f *Folder) OpenAt(_ context.Context, bucket, key string, o Get) (ReaderAt, error) {
	file, info, err := f.open(bucket, key, o)
	if err != nil {
		return nil, err
	}
	return fileAt{file, info}, nil
}

type fileAt struct {
	*os.File
	info Info
}

func (f fileAt) Info() Info { return f.info }

func (f *Folder) open(bucket, key string, o Get) (*os.File, Info, error) {
	names, err := f.place(bucket, key)
	if err != nil {
		return nil, Info{}, err
	}
	if o.Version != "" && o.Version != "null" { // "null" is the version where there are none
		return nil, Info{}, ErrNoVersion
	}
	// A key that has a folder beside it may move to its other name between the two tries.
	for _, name := range []string{names.plain, names.beside, names.plain} {
		file, err := f.root.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0) // a pipe must not block
		if missing(err) {
			continue
		}
		if err != nil {
			return nil, Info{}, failed("open", key, err)
		}
		s, err := file.Stat()
		if err != nil {
			return nil, Info{}, errors.Join(failed("open", key, err), file.Close())
		}
		if s.Mode().IsRegular() && f.same(name) {
			return file, describe(key, s), nil
		}
		file.Close() //nolint:errcheck // nothing was read
	}
	return nil, Info{}, ErrNoKey
}

// place checks the names and that the bucket is there.
func (f *Folder) place(bucket, key string) (names, error) {
	if err := checkBucket(bucket); err != nil {
		return names{}, err
	}
	if s, err := f.root.Stat(bucket); missing(err) || err == nil && !s.IsDir() {
		return names{}, ErrNoBucket
	} else if err != nil {
		return names{}, failed("look at the bucket of", key, err)
	}
	return nameOf(bucket, key)
}

// same reports whether the file name is written with the same case as the one on disk.
func (f *Folder) same(name string) bool {
	if f.exact {
		return true
	}
	for name != "." {
		dir, base := path.Split(name)
		dir = path.Clean(dir)
		entries, err := fs.ReadDir(f.root.FS(), dir)
		if err != nil {
			return false
		}
		found := false
		for _, e := range entries {
			found = found || e.Name() == base
		}
		if !found {
			return false
		}
		name = dir
	}
	return true
}

// Create implements Store. The bytes go to a file of their own; Commit puts it where the key
// is and waits for the disk.
func (f *Folder) Create(_ context.Context, bucket, key string) (Writer, error) {
	names, err := f.place(bucket, key)
	if err != nil {
		return nil, err
	}
	temp := path.Join(uploads, rand.Text())
	file, err := f.root.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, failed("write", key, err)
	}
	return &upload{File: file, folder: f, temp: temp, key: key, names: names}, nil
}

type upload struct {
	*os.File
	folder *Folder
	temp   string
	key    string
	names  names
	over   bool
}

func (u *upload) Commit() error {
	if u.over {
		return failed("write", u.key, os.ErrClosed)
	}
	u.over = true
	err := u.Sync()
	err = errors.Join(err, u.Close())
	if err == nil {
		err = u.folder.put(u.temp, u.names)
	}
	if err != nil {
		return errors.Join(failed("write", u.key, err), u.folder.root.Remove(u.temp))
	}
	return nil
}

func (u *upload) Abort() {
	if u.over {
		return
	}
	u.over = true
	u.Close()                    //nolint:errcheck // the file goes away
	u.folder.root.Remove(u.temp) //nolint:errcheck // if it stays, the next start removes it
}

// put moves a whole file to its place.
func (f *Folder) put(temp string, n names) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	dir := path.Dir(n.plain)
	if err := f.makeDirs(dir); err != nil {
		return err
	}
	name := n.plain
	s, err := f.root.Lstat(n.plain)
	switch {
	case err == nil && !f.same(n.plain):
		return caseDiffers(n.plain)
	case err == nil && s.IsDir():
		name = n.beside
	case err != nil:
		if _, err := f.root.Lstat(n.beside); err == nil {
			name = n.beside
		}
	}
	if err := f.root.Rename(temp, name); err != nil {
		return err
	}
	return f.sync(dir)
}

// makeDirs makes the folders of a key. Where an object stands in the way it moves beside.
func (f *Folder) makeDirs(dir string) error {
	up, at := "", ""
	for name := range strings.SplitSeq(dir, "/") {
		up, at = at, path.Join(at, name)
		s, err := f.root.Lstat(at)
		switch {
		case errors.Is(err, fs.ErrNotExist):
		case err != nil:
			return err
		case !f.same(at):
			return caseDiffers(at)
		case !s.Mode().IsRegular():
			continue
		default:
			if err := f.root.Rename(at, path.Join(up, besideName(name))); err != nil {
				return err
			}
		}
		if err := f.root.Mkdir(at, 0o700); err != nil {
			return err
		}
		if err := f.sync(up); err != nil {
			return err
		}
	}
	return nil
}

func caseDiffers(name string) *Error {
	return ErrKeyName.because(fmt.Errorf("%s differs from another object's key in upper and lower case only, which this file system does not tell apart", name))
}

// sync waits until the names in a folder are on disk.
func (f *Folder) sync(dir string) error {
	d, err := f.root.Open(path.Clean(dir))
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// missing reports that there is no such file, also because a folder of its path is a file.
func missing(err error) bool {
	return errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR)
}

// describe is what a listing says of a file.
func describe(key string, s fs.FileInfo) Info {
	h := fnv.New128a()
	fmt.Fprintf(h, "%d %d", s.Size(), s.ModTime().UnixNano())
	return Info{
		Key: key, Size: s.Size(), ETag: fmt.Sprintf("\"%x-1\"", h.Sum(nil)),
		Modified: s.ModTime().UTC(), StorageClass: "STANDARD",
	}
}

// failed turns what the file system said into a refusal.
func failed(verb, key string, err error) error {
	var known *Error
	switch {
	case errors.As(err, &known):
		return err
	case errors.Is(err, fs.ErrPermission):
		return ErrDenied.because(err)
	case errors.Is(err, syscall.ENAMETOOLONG):
		return ErrKeyTooLong.because(err)
	}
	return &Error{Code: "InternalError", Message: fmt.Sprintf("Cannot %s the object %s: %v", verb, key, err), Status: 500, Err: err}
}
