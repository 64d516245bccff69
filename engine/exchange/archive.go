package exchange

import (
	"archive/zip"
	"bytes"
	"io"
	"path"
	"strings"
)

// unpack reads an archive in memory. Its files stand in the folder that the archive stands
// in; names that lead out of it are refused, and so is one that unpacks to more than Read takes.
func unpack(name string, data []byte) ([]File, error) {
	at := Place{File: name}
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, fail(at, "the archive cannot be read: %v", err)
	}
	if len(z.File) > maxFiles {
		return nil, fail(at, "the archive has %d files; at most %d are read", len(z.File), maxFiles)
	}
	var files []File
	left := int64(maxTotal)
	for _, f := range z.File {
		if strings.HasSuffix(f.Name, "/") {
			continue
		}
		inside, ok := clean(f.Name)
		if !ok {
			return nil, fail(at, "%q in the archive leads outside of the folder", f.Name)
		}
		r, err := f.Open()
		if err != nil {
			return nil, fail(at, "%s in the archive cannot be read: %v", inside, err)
		}
		text, err := io.ReadAll(io.LimitReader(r, min(left, maxFile)+1))
		_ = r.Close() // only read
		if err != nil {
			return nil, fail(at, "%s in the archive cannot be read: %v", inside, err)
		}
		if left -= int64(len(text)); left < 0 || len(text) > maxFile {
			return nil, fail(at, "the archive unpacks to too much: at most %d bytes a file and %d together are read", maxFile, maxTotal)
		}
		files = append(files, File{path.Join(path.Dir(name), inside), text})
	}
	return files, nil
}
