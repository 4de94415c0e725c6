// Sends each task through aws-sdk-go-v2; see ../../words.ts for what comes in and goes out.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"reflect"

	"clients/lines"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/ssooidc"
	"github.com/aws/smithy-go"
)

type task struct {
	ID, Endpoint, Operation string
	Request                 json.RawMessage
	Credentials             struct{ AccessKeyID, SecretAccessKey, SessionToken string }
}

func main() {
	lines.Answer("github.com/aws/aws-sdk-go-v2/service/ssooidc", func(line []byte) lines.Seen {
		var asked task
		if err := json.Unmarshal(line, &asked); err != nil {
			panic(err)
		}
		proof, err := send(asked)
		return lines.Seen{ID: asked.ID, Seen: seen(proof, err), Said: lines.Text(err)}
	})
}

func send(asked task) (*string, error) {
	by := asked.Credentials
	client := ssooidc.New(ssooidc.Options{
		BaseEndpoint: aws.String(asked.Endpoint),
		Region:       "us-east-1",
		Credentials:  credentials.NewStaticCredentialsProvider(by.AccessKeyID, by.SecretAccessKey, by.SessionToken),
	})
	ctx := context.Background()
	switch asked.Operation {
	case "CreateToken":
		output, err := client.CreateToken(ctx, input[ssooidc.CreateTokenInput](asked))
		if err != nil {
			return nil, err
		}
		return output.AccessToken, nil
	case "CreateTokenWithIAM":
		output, err := client.CreateTokenWithIAM(ctx, input[ssooidc.CreateTokenWithIAMInput](asked))
		if err != nil {
			return nil, err
		}
		return output.AccessToken, nil
	case "RegisterClient":
		output, err := client.RegisterClient(ctx, input[ssooidc.RegisterClientInput](asked))
		if err != nil {
			return nil, err
		}
		return output.ClientId, nil
	case "StartDeviceAuthorization":
		output, err := client.StartDeviceAuthorization(ctx, input[ssooidc.StartDeviceAuthorizationInput](asked))
		if err != nil {
			return nil, err
		}
		return output.DeviceCode, nil
	}
	return nil, errors.New("unknown operation " + asked.Operation)
}

// The fields of an input have the names of the members, but for the case, which encoding/json does not mind.
func input[T any](asked task) *T {
	var made T
	if err := json.Unmarshal(asked.Request, &made); err != nil {
		panic(err)
	}
	return &made
}

// The type of an exception; smithy.GenericAPIError is the one that the client does not know.
func seen(proof *string, err error) string {
	var known smithy.APIError
	switch {
	case errors.As(err, &known):
		return reflect.TypeOf(known).Elem().Name()
	case err != nil:
		return "no answer"
	case aws.ToString(proof) == "":
		return "nothing"
	}
	return "granted"
}
