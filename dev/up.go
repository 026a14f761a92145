package main
import "context"
func up(ctx context.Context) error { return nil }
