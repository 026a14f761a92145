package testenv

import (
	"context"
	"crypto/rand"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// S3Bucket is the bucket of one test and how to connect to it. Buckets are addressed by path.
type S3Bucket struct {
	Endpoint, Region     string
	AccessKey, SecretKey string
	Name                 string
}

// Bucket returns an empty bucket that no other test uses. It exists as long as the server, which
// `dev with-servers` removes with all its data.
func Bucket(t testing.TB) S3Bucket {
	t.Helper()
	b := S3Bucket{
		Endpoint: variable(t, "EPKR_TEST_S3_ENDPOINT"), Region: "us-east-1",
		AccessKey: variable(t, "EPKR_TEST_S3_ACCESS_KEY"), SecretKey: variable(t, "EPKR_TEST_S3_SECRET_KEY"),
		Name: "test-" + strings.ToLower(rand.Text()),
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	c := s3.New(s3.Options{
		BaseEndpoint: aws.String(b.Endpoint), Region: b.Region, UsePathStyle: true,
		Credentials: credentials.NewStaticCredentialsProvider(b.AccessKey, b.SecretKey, ""),
	})
	if _, err := c.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: aws.String(b.Name)}); err != nil {
		t.Fatalf("create a test bucket: %v", err)
	}
	return b
}
