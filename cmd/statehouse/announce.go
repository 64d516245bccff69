package main

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"strings"
)

// addressFile says in the data folder where the server is that has it open, so that other
// commands on the folder can ask it. What a crash leaves of it means nothing: only while the
// folder is locked is there a server.
const addressFile = "statehouse.addr"

// announce writes the address down; forget takes it away again.
func announce(data, addr string) (forget func(), err error) {
	root, err := os.OpenRoot(data)
	if err != nil {
		return nil, fmt.Errorf("data folder: %w", err)
	}
	f, err := root.OpenFile(addressFile, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err == nil {
		_, err = f.WriteString(addr + "\n")
		err = errors.Join(err, f.Close())
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("write down the address: %w", err), root.Close())
	}
	return func() {
		_ = root.Remove(addressFile)
		_ = root.Close()
	}, nil
}

// announced is the address of the server that has the folder open.
func announced(data string) (string, error) {
	root, err := os.OpenRoot(data)
	if err != nil {
		return "", fmt.Errorf("data folder: %w", err)
	}
	defer root.Close() //nolint:errcheck // nothing is written through it
	text, err := root.ReadFile(addressFile)
	if errors.Is(err, fs.ErrNotExist) {
		return "", errors.New("another process has the data folder open, and it is no server that could be asked (it may be starting or stopping: try again)")
	}
	if err != nil {
		return "", err
	}
	addr := strings.TrimSpace(string(text))
	host, _, err := net.SplitHostPort(addr)
	if err != nil || !loopback(host) {
		return "", fmt.Errorf("%s in the data folder does not hold an address of this machine", addressFile)
	}
	return addr, nil
}
