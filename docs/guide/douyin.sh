#!/bin/sh
# Sends one Douyin clue to the demo company, as Ocean Engine's subscription
# does, and asks what became of it. Needs curl; start "make run" first.
set -eu
clew=${1:-http://127.0.0.1:8420}

body='{"message_id":"guide-0001","service_label":"CLUE_PUSH","data":"{\"clue_id\":\"7319000000000000001\",\"advertiser_name\":\"恒锐智能装备\",\"clue_type\":0,\"clue_source\":1,\"name\":\"王建国\",\"telephone\":\"17000001234\",\"province_name\":\"江苏省\",\"city_name\":\"苏州\",\"remark\":\"急需液压阀样品，请尽快联系\",\"remark_dict\":{\"公司名称\":\"苏州博瑞精密机械有限公司\",\"意向机型\":\"液压阀 DN50\"},\"create_time_detail\":\"2026-11-24 10:00:00\"}","advertiser_ids":[1740000000001],"subscribe_task_id":20011,"publish_time":1795485600,"timestamp":1795485600000,"nonce":"guide"}'

# openssl dgst -sha256 -hmac clew-demo-douyin -hex over exactly these bytes
signature=4ddeb703634bc3bd1d79b32ffa636e4c282e196995c3cc29a3d0dff46d074ee7

echo "1. the clue is acknowledged as the vendor expects:"
answer=$(printf '%s' "$body" | curl -sS -D - "$clew/in/douyin" \
  -H 'Content-Type: application/json' -H "X-Open-Signature: $signature" --data-binary @-)
printf '%s\n' "$answer" | tail -n 1
lead=$(printf '%s\n' "$answer" | tr -d '\r' | sed -n 's/^[Cc]lew-[Rr]ecord: //p')

echo "2. the same bytes with another signature are refused:"
printf '%s' "$body" | curl -sS -o /dev/null -w '%{http_code}\n' "$clew/in/douyin" \
  -H 'Content-Type: application/json' -H 'X-Open-Signature: 00' --data-binary @-

jar=$(mktemp)
trap 'rm -f "$jar"' EXIT
curl -sS -o /dev/null -c "$jar" "$clew/api/v1/session" -H 'Content-Type: application/json' \
  -d '{"email":"manager@demo.example","password":"clew-demo"}'

echo "3. the lead:"
curl -sS -b "$jar" "$clew/api/v1/records/lead/$lead"
echo
echo "4. its thread, newest first:"
curl -sS -b "$jar" "$clew/api/v1/records/lead/$lead/thread"
echo
echo "5. why this owner, why this score:"
curl -sS -b "$jar" "$clew/api/v1/records/lead/$lead/why"
echo
echo "6. the group as its members see it: $clew/sandbox/"
