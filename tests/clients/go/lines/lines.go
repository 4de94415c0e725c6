// Package lines speaks with the driver: a task comes in as a line of JSON, and what was seen goes out as one.
package lines

import (
	"bufio"
	"encoding/json"
	"os"
	"runtime/debug"
)

// Seen is what became of a task: "granted", the name of an error, or what was there in its place.
type Seen struct {
	ID   string `json:"id"`
	Seen string `json:"seen"`
	Said string `json:"said,omitempty"`
}

// Answer says which version of a module this program was built with, and then what became of each task.
func Answer(module string, answer func(line []byte) Seen) {
	out := json.NewEncoder(os.Stdout)
	write := func(value any) {
		if err := out.Encode(value); err != nil {
			panic(err)
		}
	}
	write(map[string]string{"client": module, "version": version(module)})
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(nil, 1<<20)
	for in.Scan() {
		write(answer(in.Bytes()))
	}
}

// Text is the message of an error, if there is one.
func Text(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func version(module string) string {
	info, _ := debug.ReadBuildInfo()
	for _, one := range info.Deps {
		if one.Path == module {
			return one.Version
		}
	}
	return "unknown"
}
