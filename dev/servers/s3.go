package servers

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// The keys of the local S3 server, which is reachable only on loopback.
const (
	S3AccessKey = "epkr"
	S3SecretKey = "epkr-local-secret"
	S3Region    = "us-east-1"
	// S3Bucket is the platform's bucket.
	S3Bucket = "epkr"
)

// S3Endpoint returns the base URL of the S3 server; buckets are addressed by path.
func (s Settings) S3Endpoint() string { return "http://" + local(s.S3Port) }

// startS3 starts the server and creates the platform's bucket.
func (s Settings) startS3(ctx context.Context) (*Process, error) {
	binaries, err := s.build(ctx, s3Program)
	if err != nil {
		return nil, err
	}
	folder := filepath.Join(s.Dir, "s3")
	objects, metadata := filepath.Join(folder, "objects"), filepath.Join(folder, "metadata")
	if err := errors.Join(os.MkdirAll(objects, 0o755), os.MkdirAll(metadata, 0o755)); err != nil {
		return nil, err
	}
	return Command{
		Name: "s3", Path: filepath.Join(binaries, "versitygw"),
		// Sidecar: metadata in separate files, because not every file system has extended
		// attributes. Quiet: the address of a download contains the file's name.
		Args: []string{
			"--quiet", "--port", local(s.S3Port), "posix", "--sidecar", metadata, objects,
		},
		Env: append(os.Environ(),
			"ROOT_ACCESS_KEY="+S3AccessKey, "ROOT_SECRET_KEY="+S3SecretKey, "VGW_REGION="+S3Region),
		Log: s.log("s3"), Dir: folder, Grace: 5 * time.Second,
		Ready: s.createBucket, Limit: time.Minute,
	}.Start(ctx)
}

func (s Settings) createBucket(ctx context.Context) error {
	c := s3.New(s3.Options{
		BaseEndpoint: aws.String(s.S3Endpoint()), Region: S3Region, UsePathStyle: true,
		Credentials: credentials.NewStaticCredentialsProvider(S3AccessKey, S3SecretKey, ""),
		Retryer:     aws.NopRetryer{},
	})
	_, err := c.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: aws.String(S3Bucket)})
	var there *types.BucketAlreadyOwnedByYou
	if err != nil && !errors.As(err, &there) {
		return fmt.Errorf("create the bucket: %w", err)
	}
	if len(s.WebOrigins) == 0 {
		return nil
	}
	_, err = c.PutBucketCors(ctx, &s3.PutBucketCorsInput{
		Bucket: aws.String(S3Bucket),
		CORSConfiguration: &types.CORSConfiguration{CORSRules: []types.CORSRule{{
			AllowedOrigins: s.WebOrigins, AllowedHeaders: []string{"*"},
			AllowedMethods: []string{"GET", "HEAD", "PUT"},
			// A multipart upload needs each part's ETag.
			ExposeHeaders: []string{"ETag"}, MaxAgeSeconds: aws.Int32(3600),
		}}},
	})
	if err != nil {
		return fmt.Errorf("allow the web app's origin on the bucket: %w", err)
	}
	return nil
}
