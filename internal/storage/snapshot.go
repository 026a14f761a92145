package storage

import (
	"context"
	"fmt"
	"io"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// snapshotPrefix is the prefix of the registry snapshots, apart from the files of people.
const snapshotPrefix = "registry/"

// PutSnapshot stores a snapshot of the registry under its SHA-256 (lower-case hex), which the
// caller has verified. Storing it again changes nothing.
func (s *Store) PutSnapshot(ctx context.Context, hash string, content io.ReadSeeker, size int64) error {
	if err := validateHash(hash); err != nil {
		return err
	}
	_, err := s.client.PutObject(ctx, &s3.PutObjectInput{
		Bucket: &s.bucket, Key: aws.String(snapshotPrefix + hash), Body: content, ContentLength: &size,
		ContentType: aws.String("application/gzip"),
	})
	return classify("keep the snapshot "+hash, err)
}

// OpenSnapshot returns the content of a stored snapshot. The caller closes it. The error is
// ErrNotFound if there is none.
func (s *Store) OpenSnapshot(ctx context.Context, hash string) (io.ReadCloser, error) {
	if err := validateHash(hash); err != nil {
		return nil, err
	}
	return s.OpenObject(ctx, s.bucket, snapshotPrefix+hash)
}

// RemoveSnapshot deletes a snapshot. A missing snapshot is a success.
func (s *Store) RemoveSnapshot(ctx context.Context, hash string) error {
	if err := validateHash(hash); err != nil {
		return err
	}
	return s.remove(ctx, snapshotPrefix+hash)
}

// OpenObject returns the content of an object of any bucket that the store's keys may read, such as
// one that another system writes. The caller closes it.
func (s *Store) OpenObject(ctx context.Context, bucket, key string) (io.ReadCloser, error) {
	out, err := s.client.GetObject(ctx, &s3.GetObjectInput{Bucket: &bucket, Key: &key})
	if err != nil {
		return nil, classify(fmt.Sprintf("open s3://%s/%s", bucket, key), err)
	}
	return out.Body, nil
}
