// Package storage stores the platform's files in an S3 bucket.
//
// A browser uploads a file in presigned parts to incoming/<id>. Seal reads it once and copies it to
// sha256/<hex>, a key that no presigned URL can write. All references to the file use that key, by
// its hash.
//
// The package never holds a whole uploaded file in memory and never decides who may read or write a
// file. It does not trust a browser's claims about a file: it measures size, hash and type. Its
// inputs are Config and the ids and hashes that the caller has recorded.
package storage

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/google/uuid"
)

const (
	incomingPrefix = "incoming/"
	sealPrefix     = "seals/"
	sealedPrefix   = "sha256/"

	uploadURLLifetime   = 15 * time.Minute
	downloadURLLifetime = 5 * time.Minute
)

// Store accesses one bucket. It is safe for concurrent use.
type Store struct {
	bucket    string
	client    *s3.Client
	uploads   *s3.PresignClient
	downloads *s3.PresignClient
}

// New checks the configuration and creates the clients; it sends nothing. Ping checks whether the
// bucket responds.
func New(cfg Config) (*Store, error) {
	if err := cfg.Validate(); err != nil {
		return nil, fmt.Errorf("storage configuration: %w", err)
	}
	public := newClient(cfg, cfg.public())
	return &Store{
		bucket:    cfg.Bucket,
		client:    newClient(cfg, cfg.Endpoint),
		uploads:   s3.NewPresignClient(public, s3.WithPresignExpires(uploadURLLifetime)),
		downloads: s3.NewPresignClient(public, s3.WithPresignExpires(downloadURLLifetime)),
	}, nil
}

func newClient(cfg Config, endpoint string) *s3.Client {
	return s3.New(s3.Options{
		BaseEndpoint: aws.String(endpoint),
		Region:       cfg.Region,
		Credentials:  credentials.NewStaticCredentialsProvider(cfg.AccessKey, cfg.SecretKey, ""),
		UsePathStyle: cfg.PathStyle,
		// S3-compatible servers support different checksums, so checksums are requested explicitly
		// where they are needed.
		RequestChecksumCalculation: aws.RequestChecksumCalculationWhenRequired,
		ResponseChecksumValidation: aws.ResponseChecksumValidationWhenRequired,
	})
}

// Ping returns nil if the bucket can be reached with the configured keys. It does not retry, so
// that a health check fails without delay.
func (s *Store) Ping(ctx context.Context) error {
	_, err := s.client.HeadBucket(ctx, &s3.HeadBucketInput{Bucket: &s.bucket}, func(o *s3.Options) {
		o.RetryMaxAttempts = 1
	})
	return classify("reach bucket "+s.bucket, err)
}

func incomingKey(id uuid.UUID) string { return incomingPrefix + id.String() }
func sealKey(id uuid.UUID) string     { return sealPrefix + id.String() }
func sealedKey(hash string) string    { return sealedPrefix + hash }
