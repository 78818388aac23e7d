//go:build ignore

// Command gen converts the public-holiday file of the npm package
// chinese-days into the form that worktime embeds.
//
//	dir=$(mktemp -d) && cd $dir && npm pack chinese-days@1.5.7 && tar xzf chinese-days-1.5.7.tgz
//	go run internal/worktime/gen/main.go $dir/package/dist/chinese-days.json > internal/worktime/data/cn.json
//
// Copy the package's LICENSE to internal/worktime/data/cn.LICENSE as well. The
// tests check the days that the State Council announced.
package main

import (
	"encoding/json"
	"fmt"
	"log"
	"os"
	"slices"
	"strconv"
)

type source struct {
	Holidays map[string]string `json:"holidays"`
	Workdays map[string]string `json:"workdays"`
}

type target struct {
	Source string   `json:"source"`
	Years  []int    `json:"years"`
	Off    []string `json:"off"`
	Work   []string `json:"work"`
}

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: gen chinese-days.json > data/cn.json")
	}
	raw, err := os.ReadFile(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	var in source
	if err := json.Unmarshal(raw, &in); err != nil {
		log.Fatal(err)
	}
	out := target{Source: "npm chinese-days 1.5.7 (MIT), dist/chinese-days.json", Off: keys(in.Holidays), Work: keys(in.Workdays)}
	for _, day := range out.Off {
		year, err := strconv.Atoi(day[:4])
		if err != nil {
			log.Fatal(err)
		}
		if !slices.Contains(out.Years, year) {
			out.Years = append(out.Years, year)
		}
	}
	text, err := json.MarshalIndent(out, "", " ")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(string(text))
}

func keys(days map[string]string) []string {
	list := make([]string, 0, len(days))
	for day := range days {
		list = append(list, day)
	}
	slices.Sort(list)
	return list
}
