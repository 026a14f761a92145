package storage

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/gabriel-vasile/mimetype"
	"github.com/google/uuid"
)

// sniffedBytes is how many bytes at the start of a file are used to detect its type: the default of
// the mimetype library.
const sniffedBytes = 3072

// Declared is what the sender declared about a file before uploading it.
type Declared struct {
	Size   int64  // bytes
	SHA256 string // lower-case hex
}

// Sealed describes a file under its final, immutable key, as it was measured.
type Sealed struct {
	Key         string // "sha256/<hex>"
	Size        int64  // bytes
	SHA256      string // lower-case hex
	ContentType string // detected from the content, e.g. "application/pdf"
}

// Seal reads incoming/<id> once, measures it, copies it to sha256/<hex> and deletes the incoming
// object. It can be retried after a crash at any point and returns the same result: it stores the
// result in seals/<id> until SweepIncoming removes it. For an id that was never uploaded it returns
// ErrNotFound even if a file with the declared hash exists, so that knowing a hash does not give
// access to the file.
//
// If the file differs from its declaration, Seal returns a *MismatchError and seals nothing; the
// incoming object stays until RemoveIncoming or SweepIncoming.
func (s *Store) Seal(ctx context.Context, id uuid.UUID, declared Declared) (Sealed, error) {
	sealed, err := s.loadSeal(ctx, id)
	if errors.Is(err, ErrNotFound) {
		sealed, err = s.seal(ctx, id, declared)
	}
	if err != nil {
		return Sealed{}, err
	}
	if err := declared.check(sealed); err != nil {
		return Sealed{}, fmt.Errorf("seal %s: %w", id, err)
	}
	return sealed, s.RemoveIncoming(ctx, id)
}

func (s *Store) seal(ctx context.Context, id uuid.UUID, declared Declared) (Sealed, error) {
	sealed, etag, err := s.measure(ctx, id, declared)
	if err != nil {
		return Sealed{}, err
	}
	if err := declared.check(sealed); err != nil {
		return Sealed{}, fmt.Errorf("seal %s: %w", id, err)
	}
	if err := s.copySealed(ctx, id, etag, sealed); err != nil {
		return Sealed{}, err
	}
	return sealed, s.saveSeal(ctx, id, sealed)
}

func (d Declared) check(found Sealed) error {
	if found.Size != d.Size {
		return &MismatchError{Declared: d, Size: found.Size}
	}
	if found.SHA256 != d.SHA256 {
		return &MismatchError{Declared: d, Size: found.Size, SHA256: found.SHA256}
	}
	return nil
}

// measure streams the incoming object. The caller passes the returned ETag to the copy, so that
// exactly the measured object is copied. An object of another size is not read.
func (s *Store) measure(ctx context.Context, id uuid.UUID, declared Declared) (found Sealed, etag string, err error) {
	out, err := s.client.GetObject(ctx, &s3.GetObjectInput{Bucket: &s.bucket, Key: aws.String(incomingKey(id))})
	if err != nil {
		return Sealed{}, "", classify("read incoming file "+id.String(), err)
	}
	defer func() { _ = out.Body.Close() }()
	if size := aws.ToInt64(out.ContentLength); size != declared.Size {
		return Sealed{}, "", fmt.Errorf("seal %s: %w", id, &MismatchError{Declared: declared, Size: size})
	}
	found, err = measureContent(out.Body)
	if err != nil {
		return Sealed{}, "", readError(ctx, "read incoming file "+id.String(), err)
	}
	return found, aws.ToString(out.ETag), nil
}

func measureContent(r io.Reader) (Sealed, error) {
	sum := sha256.New()
	head := make([]byte, sniffedBytes)
	n, err := io.ReadFull(r, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return Sealed{}, err
	}
	head = head[:n]
	rest, err := io.Copy(sum, io.MultiReader(bytes.NewReader(head), r))
	if err != nil {
		return Sealed{}, err
	}
	return newSealed(rest, sum.Sum(nil), head), nil
}

func newSealed(size int64, sum, head []byte) Sealed {
	hash := hex.EncodeToString(sum)
	return Sealed{Key: sealedKey(hash), Size: size, SHA256: hash, ContentType: mimetype.Detect(head).String()}
}

// copySealed copies the incoming object to sha256/<hex> inside the storage. If the key exists
// already, it has the same content and is not written again.
func (s *Store) copySealed(ctx context.Context, id uuid.UUID, etag string, sealed Sealed) error {
	exists, err := s.exists(ctx, sealed)
	if err != nil || exists {
		return err
	}
	_, err = s.client.CopyObject(ctx, &s3.CopyObjectInput{
		Bucket:            &s.bucket,
		Key:               &sealed.Key,
		CopySource:        aws.String(s.bucket + "/" + incomingKey(id)),
		CopySourceIfMatch: &etag,
		MetadataDirective: types.MetadataDirectiveReplace,
		ContentType:       &sealed.ContentType,
	})
	return classify("copy incoming file "+id.String()+" to "+sealed.Key, err)
}

func (s *Store) exists(ctx context.Context, sealed Sealed) (bool, error) {
	out, err := s.client.HeadObject(ctx, &s3.HeadObjectInput{Bucket: &s.bucket, Key: &sealed.Key})
	err = classify("look for "+sealed.Key, err)
	if errors.Is(err, ErrNotFound) {
		return false, nil
	}
	return err == nil && aws.ToInt64(out.ContentLength) == sealed.Size, err
}

// saveSeal stores the result before the incoming object is deleted, so that a retry after a crash
// finds one of the two.
func (s *Store) saveSeal(ctx context.Context, id uuid.UUID, sealed Sealed) error {
	body, err := json.Marshal(sealed)
	if err != nil {
		return fmt.Errorf("encode the seal of %s: %w", id, err)
	}
	_, err = s.client.PutObject(ctx, &s3.PutObjectInput{
		Bucket:      &s.bucket,
		Key:         aws.String(sealKey(id)),
		Body:        bytes.NewReader(body),
		ContentType: aws.String("application/json"),
	})
	return classify("record the seal of "+id.String(), err)
}

func (s *Store) loadSeal(ctx context.Context, id uuid.UUID) (Sealed, error) {
	operation := "read the seal of " + id.String()
	out, err := s.client.GetObject(ctx, &s3.GetObjectInput{Bucket: &s.bucket, Key: aws.String(sealKey(id))})
	if err != nil {
		return Sealed{}, classify(operation, err)
	}
	defer func() { _ = out.Body.Close() }()
	body, err := io.ReadAll(out.Body)
	if err != nil {
		return Sealed{}, readError(ctx, operation, err)
	}
	var sealed Sealed
	if err := json.Unmarshal(body, &sealed); err != nil {
		return Sealed{}, fmt.Errorf("%s: %w", operation, err)
	}
	return sealed, nil
}

// readError wraps an error from reading a response body. It is ErrUnavailable unless the caller
// cancelled the context.
func readError(ctx context.Context, operation string, err error) error {
	if errors.Is(ctx.Err(), context.Canceled) {
		return fmt.Errorf("%s: %w", operation, err)
	}
	return fmt.Errorf("%s: %w: %w", operation, ErrUnavailable, err)
}

// Put seals content that the platform generated itself, such as a document, which therefore fits in
// memory. Putting the same content again changes nothing.
func (s *Store) Put(ctx context.Context, content []byte, contentType string) (Sealed, error) {
	hash := Hash(content)
	sealed := Sealed{Key: sealedKey(hash), Size: int64(len(content)), SHA256: hash, ContentType: contentType}
	exists, err := s.exists(ctx, sealed)
	if err != nil || exists {
		return sealed, err
	}
	_, err = s.client.PutObject(ctx, &s3.PutObjectInput{
		Bucket:      &s.bucket,
		Key:         &sealed.Key,
		Body:        bytes.NewReader(content),
		ContentType: &contentType,
	})
	return sealed, classify("store "+sealed.Key, err)
}

// Hash returns the SHA-256 of a content in lower-case hex, under which it is sealed.
func Hash(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}
