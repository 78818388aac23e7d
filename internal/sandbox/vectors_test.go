package sandbox

import (
	"net/http/httptest"
	"testing"
	"time"
)

// The same vectors anchor the connectors; the code that computes them differs.
func TestSignaturesMatchTheVectors(t *testing.T) {
	var got Received
	r := httptest.NewRequest("POST", "/?timestamp=1583392434000&sign=nwC2wiqc%2FbDwGtcZesiUvn7BTGDqxD0lw5AIvokVqzo%3D", nil)
	if no := dingtalkSignature("this is secret", r, time.UnixMilli(1583392434000), &got); no != nil || got.Signature != "verified" {
		t.Errorf("dingtalk: %v", no)
	}
	post := feishuPost{Timestamp: "1599360473", Sign: "l1N0gAcBjdwBvGm1xMjOF0XSyaLRpR7tuO5dHfhAYc8="}
	if no := feishuSignature("demo", post, time.Unix(1599360473, 0), &got); no != nil || got.Signature != "verified" {
		t.Errorf("feishu: %v", no)
	}
	if sum := hexHMAC("secret", []byte(`{"message_id":"1","data":"{}"}`)); sum != "9783a1f1b4cbbcc129f944fdcc9261f4e29fb5517fc94040b552e4fb3df1296e" {
		t.Errorf("ocean engine: %s", sum)
	}
}
