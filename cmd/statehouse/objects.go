package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"

	"statehouse/engine/object"
)

// objects holds the settings of the object store that Distributed Maps read and write.
type objects struct {
	S3          bool   `name:"s3" env:"STATEHOUSE_S3" help:"Keep objects in Amazon S3 rather than in folders of the data folder."`
	S3Endpoint  string `name:"s3-endpoint" env:"STATEHOUSE_S3_ENDPOINT" placeholder:"URL" help:"Keep objects in the S3-compatible service at this URL."`
	S3Region    string `name:"s3-region" env:"STATEHOUSE_S3_REGION" help:"Region of the object store; by default that of the environment, else of the ARNs."`
	S3PathStyle bool   `name:"s3-path-style" env:"STATEHOUSE_S3_PATH_STYLE" help:"Put the bucket's name into the path of URLs, not into the host; most services but Amazon's want it."`
	S3AccessKey string `name:"s3-access-key" env:"STATEHOUSE_S3_ACCESS_KEY" placeholder:"ID" help:"Access key of the object store; by default what the AWS SDK finds: environment, shared files, roles."`
	S3SecretKey string `name:"s3-secret-key" env:"STATEHOUSE_S3_SECRET_KEY" placeholder:"KEY" help:"Secret of the access key; better given in the environment, where other users do not see it."`
}

func (o *objects) check() error {
	if o.S3Endpoint != "" {
		u, err := url.Parse(o.S3Endpoint)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
			return fmt.Errorf("--s3-endpoint must be a URL like http://127.0.0.1:9000, not %q", o.S3Endpoint)
		}
	}
	if (o.S3AccessKey == "") != (o.S3SecretKey == "") {
		return errors.New("--s3-access-key and --s3-secret-key belong together: give both or none")
	}
	if !o.s3() && (o.S3AccessKey != "" || o.S3Region != "" || o.S3PathStyle) {
		return errors.New("settings of S3 have no effect without --s3 or --s3-endpoint")
	}
	return nil
}

func (o *objects) s3() bool { return o.S3 || o.S3Endpoint != "" }

// open opens the object store: folders in the data folder, unless S3 is asked for.
func (o *objects) open(ctx context.Context, data, region string) (store object.Store, done func() error, err error) {
	if !o.s3() {
		f, err := object.NewFolder(filepath.Join(data, "objects"))
		if err != nil {
			return nil, nil, err
		}
		return f, f.Close, nil
	}
	s, err := object.NewS3(ctx, object.S3Config{
		Endpoint: o.S3Endpoint, Region: o.S3Region, DefaultRegion: region,
		AccessKey: o.S3AccessKey, SecretKey: o.S3SecretKey, PathStyle: o.S3PathStyle,
	})
	if err != nil {
		return nil, nil, err
	}
	return s, func() error { return nil }, nil
}
