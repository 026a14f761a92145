package archive

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"path"
	"strconv"
	"strings"
	"time"

	"epkr/internal/humantext"
)

// writer writes a ZIP archive with one folder, and its manifest of hashes at the end. Documents are
// stored without compression: most are compressed already.
type writer struct {
	zip      *zip.Writer
	folder   string
	at       time.Time
	manifest bytes.Buffer
	used     map[string]bool
}

// manifestName is the file with the SHA-256 of every other file, in the format of sha256sum.
const manifestName = "Манифест.txt"

func newWriter(to io.Writer, folder string, at time.Time) *writer {
	return &writer{zip: zip.NewWriter(to), folder: folder, at: at, used: map[string]bool{}}
}

// add adds a file of what write writes.
func (w *writer) add(name string, at time.Time, write func(io.Writer) error) error {
	if w.used[name] {
		return fmt.Errorf("the archive has two files %q", name)
	}
	w.used[name] = true
	to, err := w.zip.CreateHeader(&zip.FileHeader{Name: w.folder + "/" + name, Method: zip.Store, Modified: at})
	if err != nil {
		return fmt.Errorf("adding a file to an archive: %w", err)
	}
	hash := sha256.New()
	if err := write(io.MultiWriter(to, hash)); err != nil {
		return fmt.Errorf("writing %q into an archive: %w", name, err)
	}
	w.manifest.WriteString(hex.EncodeToString(hash.Sum(nil)) + "  " + name + "\n")
	return nil
}

// addBytes is add for what the platform made.
func (w *writer) addBytes(name string, content []byte) error {
	return w.add(name, w.at, func(to io.Writer) error {
		_, err := to.Write(content)
		return err
	})
}

// close adds the manifest and ends the archive.
func (w *writer) close() error {
	manifest := bytes.Clone(w.manifest.Bytes())
	return errors.Join(w.addBytes(manifestName, manifest), w.zip.Close())
}

// unsafe are the characters that a file name of Windows or a quoted argument of a shell cannot have.
var unsafe = strings.NewReplacer("<", "_", ">", "_", ":", "_", "\"", "_", "/", "_", "\\", "_", "|", "_", "?", "_", "*", "_", "`", "_", "$", "_", "!", "_", "%", "_")

// names gives each document its own name: its message's number, so that they sort by time, and the
// file's name.
type names map[string]bool

func (n names) of(seq int32, name string) string {
	clean, fault := humantext.FileName(unsafe.Replace(name))
	if fault != "" {
		clean = "документ"
	}
	clean = humantext.ShortFileName(fmt.Sprintf("%03d %s", seq, clean))
	unique := clean
	for i := 2; n[unique]; i++ {
		ext := path.Ext(clean)
		unique = strings.TrimSuffix(clean, ext) + " (" + strconv.Itoa(i) + ")" + ext
	}
	n[unique] = true
	return unique
}
