package storage

import (
	"context"
	"errors"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/google/uuid"
)

// Swept counts what SweepIncoming removed.
type Swept struct {
	Uploads  int // open uploads aborted
	Incoming int // uploaded files that were never sealed
	Seals    int // stored results of Seal
}

// Remove deletes the sealed file with this hash. The caller makes sure that nothing refers to it. A
// missing file is a success.
func (s *Store) Remove(ctx context.Context, hash string) error {
	if err := validateHash(hash); err != nil {
		return err
	}
	return s.remove(ctx, sealedKey(hash))
}

// RemoveIncoming deletes incoming/<id>. A missing object is a success.
func (s *Store) RemoveIncoming(ctx context.Context, id uuid.UUID) error {
	return s.remove(ctx, incomingKey(id))
}

func (s *Store) remove(ctx context.Context, key string) error {
	_, err := s.client.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: &s.bucket, Key: &key})
	err = classify("remove "+key, err)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	return err
}

// SweepIncoming aborts the uploads begun before the given time, and removes the unsealed files and
// the stored seals last modified before it. It replaces lifecycle rules, which not every S3 server
// has. The time must lie further back than an upload may take and than Seal may be retried. Swept
// also counts what was removed before an error.
func (s *Store) SweepIncoming(ctx context.Context, before time.Time) (Swept, error) {
	var swept Swept
	var err error
	if swept.Uploads, err = s.sweepUploads(ctx, before); err != nil {
		return swept, err
	}
	if swept.Incoming, err = s.sweepObjects(ctx, incomingPrefix, before); err != nil {
		return swept, err
	}
	swept.Seals, err = s.sweepObjects(ctx, sealPrefix, before)
	return swept, err
}

func (s *Store) sweepUploads(ctx context.Context, before time.Time) (aborted int, err error) {
	pages := s3.NewListMultipartUploadsPaginator(s.client, &s3.ListMultipartUploadsInput{
		Bucket: &s.bucket, Prefix: aws.String(incomingPrefix),
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return aborted, classify("list open uploads", err)
		}
		for _, upload := range page.Uploads {
			if !aws.ToTime(upload.Initiated).Before(before) {
				continue
			}
			if err := s.abort(ctx, aws.ToString(upload.Key), aws.ToString(upload.UploadId)); err != nil {
				return aborted, err
			}
			aborted++
		}
	}
	return aborted, nil
}

func (s *Store) sweepObjects(ctx context.Context, prefix string, before time.Time) (removed int, err error) {
	pages := s3.NewListObjectsV2Paginator(s.client, &s3.ListObjectsV2Input{Bucket: &s.bucket, Prefix: &prefix})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return removed, classify("list "+prefix, err)
		}
		for _, object := range page.Contents {
			if !aws.ToTime(object.LastModified).Before(before) {
				continue
			}
			if err := s.remove(ctx, aws.ToString(object.Key)); err != nil {
				return removed, err
			}
			removed++
		}
	}
	return removed, nil
}
