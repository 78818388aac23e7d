package main

import (
	"context"
	"os"

	"clew.dev/clew/internal/server"
)

type backupCommand struct {
	place
	File           string `arg:"" help:"File to write; an earlier one is replaced when the new one is complete." type:"path"`
	PassphraseFile string `help:"File with a passphrase: encrypts the backup and puts the key of stored secrets into it." type:"path"`
}

func (c backupCommand) Run(ctx context.Context) error {
	return server.Backup(ctx, c.options(), c.File, c.PassphraseFile, os.Stdout)
}

type restoreCommand struct {
	place
	File           string `arg:"" help:"Backup to restore." type:"existingfile"`
	PassphraseFile string `help:"File with the passphrase of an encrypted backup." type:"path"`
	KeyFile        string `help:"File with the key of stored secrets, where the backup does not hold it." type:"path"`
}

func (c restoreCommand) Run(ctx context.Context) error {
	return server.Restore(ctx, c.options(), c.File, c.PassphraseFile, c.KeyFile, os.Stdout)
}

func (p place) options() server.Options {
	return server.Options{Data: p.Data, Database: p.Database, Version: version}
}
