package storage

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/google/uuid"
)

// Limits of S3 on a multipart upload.
const (
	MaxParts    = 10_000
	MinPartSize = 5 << 20 // bytes, of every part but the last
)

// Part is one part of an upload, as the storage reports it or as the browser was asked to send it.
type Part struct {
	Number int    // 1 … MaxParts
	Size   int64  // bytes
	SHA256 string // base64
	ETag   string // as the storage returned it, quotes included
}

// BeginUpload opens an upload to incoming/<id> and returns its upload id. The content type is the
// browser's claim; Seal detects the real one. Several uploads of one id may be open: Seal reads the
// one that was completed last before it.
func (s *Store) BeginUpload(ctx context.Context, id uuid.UUID, contentType string) (uploadID string, err error) {
	out, err := s.client.CreateMultipartUpload(ctx, &s3.CreateMultipartUploadInput{
		Bucket:            &s.bucket,
		Key:               aws.String(incomingKey(id)),
		ContentType:       &contentType,
		ChecksumAlgorithm: types.ChecksumAlgorithmSha256,
		ChecksumType:      types.ChecksumTypeComposite,
	})
	if err != nil {
		return "", classify("begin upload "+id.String(), err)
	}
	return aws.ToString(out.UploadId), nil
}

// PresignPart returns a URL, valid for 15 minutes, to PUT one part to, and the
// headers to send with it. Length (bytes) and SHA-256 (base64) are signed, so
// the storage refuses a part of another length, another checksum or none
// (versitygw 1.8.0: 403 SignatureDoesNotMatch) and another body of the same
// length (400 BadDigest); a refused part is not stored. The browser sets Host and
// Content-Length itself; they are not among the headers.
func (s *Store) PresignPart(ctx context.Context, id uuid.UUID, uploadID string, part int, length int64, sha256Base64 string) (url string, headers map[string]string, err error) {
	if err := validatePart(part, length, sha256Base64); err != nil {
		return "", nil, err
	}
	signed, err := s.uploads.PresignUploadPart(ctx, &s3.UploadPartInput{
		Bucket:         &s.bucket,
		Key:            aws.String(incomingKey(id)),
		UploadId:       &uploadID,
		PartNumber:     aws.Int32(int32(part)),
		ContentLength:  &length,
		ChecksumSHA256: &sha256Base64,
	})
	if err != nil {
		return "", nil, fmt.Errorf("presign part %d of upload %s: %w", part, id, err)
	}
	headers = make(map[string]string)
	for name := range signed.SignedHeader {
		if name != "Host" && name != "Content-Length" {
			headers[name] = signed.SignedHeader.Get(name)
		}
	}
	return signed.URL, headers, nil
}

func validatePart(part int, length int64, sha256Base64 string) error {
	if part < 1 || part > MaxParts {
		return fmt.Errorf("part number %d is outside 1 … %d", part, MaxParts)
	}
	if length < 1 {
		return fmt.Errorf("part %d: length %d is not positive", part, length)
	}
	if sum, err := base64.StdEncoding.DecodeString(sha256Base64); err != nil || len(sum) != sha256.Size {
		return fmt.Errorf("part %d: checksum is not a SHA-256 in base64", part)
	}
	return nil
}

// UploadedParts returns the uploaded parts in order of their numbers, so that an interrupted upload
// can resume. The error is ErrNotFound if the upload is not open.
func (s *Store) UploadedParts(ctx context.Context, id uuid.UUID, uploadID string) ([]Part, error) {
	pages := s3.NewListPartsPaginator(s.client, &s3.ListPartsInput{
		Bucket:   &s.bucket,
		Key:      aws.String(incomingKey(id)),
		UploadId: &uploadID,
	})
	var parts []Part
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, classify("list parts of upload "+id.String(), err)
		}
		for _, p := range page.Parts {
			parts = append(parts, Part{
				Number: int(aws.ToInt32(p.PartNumber)),
				Size:   aws.ToInt64(p.Size),
				SHA256: aws.ToString(p.ChecksumSHA256),
				ETag:   aws.ToString(p.ETag),
			})
		}
	}
	return parts, nil
}

// CompleteUpload joins the parts into incoming/<id>. Each part needs Number, SHA256 and ETag. The
// error is ErrMismatch if they are not the uploaded parts, or if a part before the last is smaller
// than MinPartSize. Completing again after an unknown outcome is a success.
func (s *Store) CompleteUpload(ctx context.Context, id uuid.UUID, uploadID string, parts []Part) error {
	completed := make([]types.CompletedPart, len(parts))
	for i, p := range parts {
		completed[i] = types.CompletedPart{
			PartNumber:     aws.Int32(int32(p.Number)),
			ETag:           aws.String(p.ETag),
			ChecksumSHA256: aws.String(p.SHA256),
		}
	}
	_, err := s.client.CompleteMultipartUpload(ctx, &s3.CompleteMultipartUploadInput{
		Bucket:          &s.bucket,
		Key:             aws.String(incomingKey(id)),
		UploadId:        &uploadID,
		MultipartUpload: &types.CompletedMultipartUpload{Parts: completed},
		ChecksumType:    types.ChecksumTypeComposite,
	})
	err = classify("complete upload "+id.String(), err)
	if errors.Is(err, ErrNotFound) && s.isUploaded(ctx, id) {
		return nil
	}
	return err
}

// isUploaded reports whether incoming/<id> was completed earlier, sealed or not.
func (s *Store) isUploaded(ctx context.Context, id uuid.UUID) bool {
	for _, key := range []string{incomingKey(id), sealKey(id)} {
		if _, err := s.client.HeadObject(ctx, &s3.HeadObjectInput{Bucket: &s.bucket, Key: &key}); err == nil {
			return true
		}
	}
	return false
}

// AbortUpload deletes the uploaded parts. An upload that is not open is a success.
func (s *Store) AbortUpload(ctx context.Context, id uuid.UUID, uploadID string) error {
	return s.abort(ctx, incomingKey(id), uploadID)
}

func (s *Store) abort(ctx context.Context, key, uploadID string) error {
	_, err := s.client.AbortMultipartUpload(ctx, &s3.AbortMultipartUploadInput{
		Bucket: &s.bucket, Key: &key, UploadId: &uploadID,
	})
	err = classify("abort upload "+strings.TrimPrefix(key, incomingPrefix), err)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	return err
}
