package platform

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// At returns the same servers for a platform built from another commit of this repository. remove deletes the work tree made
// for it. The web app of that commit is not built: its API serves none.
func (s Servers) At(ctx context.Context, commit string) (_ Servers, remove func(), err error) {
	root, err := Root()
	if err != nil {
		return s, nil, err
	}
	s.Root = filepath.Join(s.Folder, "commit")
	s.Folder = filepath.Join(s.Folder, "of-commit")
	if err := os.MkdirAll(filepath.Join(s.Folder, "log"), 0o755); err != nil {
		return s, nil, fmt.Errorf("making a folder for another commit: %w", err)
	}
	if output, err := exec.CommandContext(ctx, "git", "-C", root, "worktree", "add", "--detach", s.Root, commit).CombinedOutput(); err != nil {
		return s, nil, fmt.Errorf("checking out %s: %w\n%s", commit, err, output)
	}
	return s, func() {
		_ = exec.Command("git", "-C", root, "worktree", "remove", "--force", s.Root).Run()
	}, nil
}
