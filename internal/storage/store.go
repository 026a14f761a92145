// Package storage keeps the platform's files in an S3 bucket.
//
// A browser sends a file in presigned parts to incoming/<id>; Seal reads it
// once and copies it to sha256/<hex>, a key that no presigned URL can write.
// Only that key, through its hash, is referenced anywhere else.
//
// The package never holds a whole uploaded file in memory, never decides who
// may read or write a file, and never trusts what a browser says about one:
// size, hash and type are measured. Its inputs are Config and the ids and
// hashes that the caller has recorded.
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

// Store is one bucket. It is safe for concurrent use.
type Store struct {
	bucket    string
	client    *s3.Client
	uploads   *s3.PresignClient
	downloads *s3.PresignClient
}

// New checks the configuration and makes the clients; it sends nothing.
// Ping tells whether the bucket answers.
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
		// S3-compatible servers differ in the checksums that they know; what
		// must be checked is asked for explicitly.
		RequestChecksumCalculation: aws.RequestChecksumCalculationWhenRequired,
		ResponseChecksumValidation: aws.ResponseChecksumValidationWhenRequired,
	})
}

// Ping answers nil if the bucket can be reached with the configured keys. It
// tries once, so that a health check hears of a failure at once.
func (s *Store) Ping(ctx context.Context) error {
	_, err := s.client.HeadBucket(ctx, &s3.HeadBucketInput{Bucket: &s.bucket}, func(o *s3.Options) {
		o.RetryMaxAttempts = 1
	})
	return classified("reach bucket "+s.bucket, err)
}

func incomingKey(id uuid.UUID) string { return incomingPrefix + id.String() }
func sealKey(id uuid.UUID) string     { return sealPrefix + id.String() }
func sealedKey(hash string) string    { return sealedPrefix + hash }
