package browser

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"time"

	"github.com/google/uuid"

	"epkr/internal/order"
)

// file is an upload as the API returns it.
type file struct {
	File struct {
		ID, State, Problem string
		PartSize           int64
	}
}

// part describes a part to the API.
type part struct {
	Part   int    `json:"part"`
	Length int    `json:"length,omitempty"` // only before it is sent
	SHA256 string `json:"sha256"`
}

// checkInterval is the pause between two queries for the result of a file's check.
const checkInterval = 50 * time.Millisecond

// ErrRejected is returned when the platform's check finds a file incomplete or different from its
// declaration.
var ErrRejected = errors.New("the file is rejected")

// Upload uploads a file to an order: it declares the file to the API, sends the parts to the
// storage, and waits for the platform's check. If the check rejects the file, the error is
// [ErrRejected] with the text shown to the sender.
func (b Browser) Upload(ctx context.Context, to uuid.UUID, name, contentType string, content []byte) (order.FileRef, error) {
	return b.upload(ctx, "/api/orders/"+to.String()+"/files", declaration{Name: name, Type: contentType}, content)
}

// UploadToProfile uploads a file to the profile of the engineer who has signed in, as Upload does.
// The purpose is as in the API.
func (b Browser) UploadToProfile(ctx context.Context, purpose, name, contentType string, content []byte) (order.FileRef, error) {
	return b.upload(ctx, "/api/profile/files", declaration{Purpose: purpose, Name: name, Type: contentType}, content)
}

// declaration declares a file to the API.
type declaration struct {
	Purpose string `json:"purpose,omitempty"` // only of a file of a profile
	Name    string `json:"name"`
	Type    string `json:"type"`
	Size    int    `json:"size"`
	SHA256  string `json:"sha256"`
}

func (b Browser) upload(ctx context.Context, path string, declared declaration, content []byte) (order.FileRef, error) {
	sum := sha256.Sum256(content)
	ref := order.FileRef{SHA256: hex.EncodeToString(sum[:])}
	declared.Size, declared.SHA256 = len(content), ref.SHA256
	var f file
	if err := b.Post(ctx, path, declared, &f); err != nil {
		return ref, err
	}
	ref.ID = f.File.ID
	path += "/" + ref.ID
	parts, err := b.sendParts(ctx, path, f.File.PartSize, content)
	if err != nil {
		return ref, err
	}
	err = b.Post(ctx, path+"/complete", map[string]any{"parts": parts}, &f)
	for err == nil && f.File.State != "stored" {
		if f.File.State == "rejected" {
			return ref, fmt.Errorf("%s: %w: %s", declared.Name, ErrRejected, f.File.Problem)
		}
		if err = Pause(ctx, checkInterval); err == nil {
			err = b.Get(ctx, path, &f)
		}
	}
	return ref, err
}

// sendParts sends the parts to the storage and returns their descriptions.
func (b Browser) sendParts(ctx context.Context, path string, size int64, content []byte) ([]part, error) {
	var parts []part
	for piece := range slices.Chunk(content, int(size)) {
		sum := sha256.Sum256(piece)
		p := part{Part: len(parts) + 1, Length: len(piece), SHA256: base64.StdEncoding.EncodeToString(sum[:])}
		var to presigned
		if err := b.Post(ctx, path+"/parts", p, &to); err != nil {
			return nil, err
		}
		if err := b.put(ctx, to, piece); err != nil {
			return nil, fmt.Errorf("putting part %d into the storage: %w", p.Part, err)
		}
		p.Length = 0
		parts = append(parts, p)
	}
	return parts, nil
}

// presigned is the address for one part.
type presigned struct {
	URL     string
	Headers map[string]string
}

// put sends a part to the storage, without the platform's cookies.
func (b Browser) put(ctx context.Context, to presigned, piece []byte) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodPut, to.URL, bytes.NewReader(piece))
	if err != nil {
		return err
	}
	for name, value := range to.Headers {
		request.Header.Set(name, value)
	}
	withoutCookies := http.Client{Transport: b.HTTP.Transport, Timeout: b.HTTP.Timeout}
	response, err := withoutCookies.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		body, _ := io.ReadAll(io.LimitReader(response.Body, 300))
		return fmt.Errorf("it answered %d: %s", response.StatusCode, body)
	}
	return nil
}
