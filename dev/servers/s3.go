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

// S3 is a running local S3 server.
type S3 struct {
	*Process
	// Port is on 127.0.0.1.
	Port int
}

// Endpoint returns the base URL; buckets are addressed by path.
func (s *S3) Endpoint() string { return "http://" + local(s.Port) }

// startS3 starts the server and creates the platform's bucket.
func startS3(ctx context.Context, s Settings, binaries string) (*S3, error) {
	folder := s.folder("s3")
	objects, metadata := filepath.Join(folder, "objects"), filepath.Join(folder, "metadata")
	for _, part := range []string{objects, metadata} {
		if err := os.MkdirAll(part, 0o755); err != nil {
			return nil, fmt.Errorf("make the folder of the S3 server: %w", err)
		}
	}
	server := &S3{Port: s.S3Port}
	process, err := Command{
		Name: "s3", Path: filepath.Join(binaries, "versitygw"),
		// Sidecar: metadata in separate files, because not every file system has extended
		// attributes. Quiet: the address of a download contains the file's name.
		Args: []string{"--quiet", "--port", local(s.S3Port), "--health", "/healthz", "posix", "--sidecar", metadata, objects},
		Env:  append(os.Environ(), "ROOT_ACCESS_KEY="+S3AccessKey, "ROOT_SECRET_KEY="+S3SecretKey, "VGW_REGION="+S3Region),
		Log:  s.log("s3"), Dir: folder, Grace: 5 * time.Second,
		Ready: Answers(server.Endpoint() + "/healthz"), Limit: time.Minute,
	}.Start(ctx)
	if err != nil {
		return nil, err
	}
	server.Process = process
	if err := server.createBucket(ctx, s.WebOrigins); err != nil {
		server.Stop()
		return nil, err
	}
	return server, nil
}

func (s *S3) createBucket(ctx context.Context, origins []string) error {
	c := s3.New(s3.Options{
		BaseEndpoint: aws.String(s.Endpoint()), Region: S3Region, UsePathStyle: true,
		Credentials: credentials.NewStaticCredentialsProvider(S3AccessKey, S3SecretKey, ""),
	})
	_, err := c.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: aws.String(S3Bucket)})
	var there *types.BucketAlreadyOwnedByYou
	if err != nil && !errors.As(err, &there) {
		return fmt.Errorf("create the bucket: %w", err)
	}
	if len(origins) == 0 {
		return nil
	}
	_, err = c.PutBucketCors(ctx, &s3.PutBucketCorsInput{
		Bucket: aws.String(S3Bucket),
		CORSConfiguration: &types.CORSConfiguration{CORSRules: []types.CORSRule{{
			AllowedOrigins: origins, AllowedMethods: []string{"GET", "HEAD", "PUT"}, AllowedHeaders: []string{"*"},
			// A multipart upload needs each part's ETag.
			ExposeHeaders: []string{"ETag"}, MaxAgeSeconds: aws.Int32(3600),
		}}},
	})
	if err != nil {
		return fmt.Errorf("allow the web app's origin on the bucket: %w", err)
	}
	return nil
}
