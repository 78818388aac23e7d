package demo

import (
	"context"
	"time"

	"clew.dev/clew/internal/account"
)

// Login is a person whom a visitor may log in as.
type Login struct{ Email, Password, Role, Name string }

// Logins are the five roles' log-ins, the administrator first.
func Logins() []Login {
	return []Login{
		{"admin@demo.example", Password, "administrator", "陈志远"},
		{"manager@demo.example", Password, "manager", "周敏"},
		{"sales@demo.example", Password, "sales", "林晓峰"},
		{"marketing@demo.example", Password, "marketing", "何静"},
		{"service@demo.example", Password, "service", "吴倩"},
	}
}

// The people whom the story needs by name.
const (
	managerEmail   = "manager@demo.example"
	salesEmail     = "sales@demo.example"
	marketingEmail = "marketing@demo.example"
	serviceEmail   = "service@demo.example"
)

// department is a part of the company: the first person leads it.
type department struct {
	name   string
	under  string
	pool   string // where its sales people get their leads from
	people []person
}

type person struct {
	name, email string
	role        string
	idle        bool // takes no leads from the pool
}

// departments are the company's 40 people; a department stands below the one above it.
func departments() []department {
	return []department{
		{name: Name, people: []person{{name: "沈国强", email: "shen.guoqiang", role: "administrator"}}},
		{name: "管理部", under: Name, people: []person{{name: "陈志远", email: "admin", role: "administrator"}, {name: "蒋丽", email: "jiang.li", role: "administrator"}}},
		{name: "销售中心", under: Name, people: []person{{name: "周敏", email: "manager", role: "manager"}}},
		{name: "华东组", under: "销售中心", pool: "east", people: []person{
			{name: "徐建国", email: "xu.jianguo", role: "leader", idle: true}, {name: "林晓峰", email: "sales", role: "sales"}, {name: "王雨桐", email: "wang.yutong", role: "sales"},
			{name: "张磊", email: "zhang.lei", role: "sales"}, {name: "顾晨", email: "gu.chen", role: "sales"}, {name: "陆思远", email: "lu.siyuan", role: "sales"},
		}},
		{name: "华南组", under: "销售中心", pool: "south", people: []person{
			{name: "梁志豪", email: "liang.zhihao", role: "leader", idle: true}, {name: "黄嘉欣", email: "huang.jiaxin", role: "sales"},
			{name: "陈俊杰", email: "chen.junjie", role: "sales"}, {name: "麦子健", email: "mai.zijian", role: "sales"},
		}},
		{name: "华中组", under: "销售中心", pool: "central", people: []person{
			{name: "彭涛", email: "peng.tao", role: "leader"}, {name: "胡婷", email: "hu.ting", role: "sales"}, {name: "邓凯", email: "deng.kai", role: "sales"},
		}},
		{name: "华北组", under: "销售中心", pool: "north", people: []person{
			{name: "赵立新", email: "zhao.lixin", role: "leader", idle: true}, {name: "刘洋", email: "liu.yang", role: "sales"},
			{name: "孙悦", email: "sun.yue", role: "sales"}, {name: "高鹏", email: "gao.peng", role: "sales"},
		}},
		{name: "西南组", under: "销售中心", pool: "southwest", people: []person{
			{name: "罗勇", email: "luo.yong", role: "leader"}, {name: "唐雪", email: "tang.xue", role: "sales"}, {name: "蒲江", email: "pu.jiang", role: "sales"},
		}},
		{name: "西北组", under: "销售中心", pool: "northwest", people: []person{
			{name: "马海龙", email: "ma.hailong", role: "leader"}, {name: "白雪", email: "bai.xue", role: "sales"},
		}},
		{name: "东北组", under: "销售中心", pool: "northeast", people: []person{
			{name: "韩冰", email: "han.bing", role: "leader"}, {name: "于洋", email: "yu.yang", role: "sales"},
		}},
		{name: "市场部", under: Name, people: []person{
			{name: "何静", email: "marketing", role: "marketing"}, {name: "谢一凡", email: "xie.yifan", role: "marketing"}, {name: "曹蕾", email: "cao.lei", role: "marketing"},
			{name: "郑可", email: "zheng.ke", role: "marketing"}, {name: "丁宁", email: "ding.ning", role: "marketing"}, {name: "范文", email: "fan.wen", role: "marketing"},
		}},
		{name: "客服部", under: Name, people: []person{
			{name: "吴倩", email: "service", role: "service"}, {name: "方圆", email: "fang.yuan", role: "service"}, {name: "石磊", email: "shi.lei", role: "service"},
			{name: "汪洋", email: "wang.yang", role: "service"}, {name: "姚莉", email: "yao.li", role: "service"}, {name: "邹明", email: "zou.ming", role: "service"},
		}},
	}
}

// top3 are the three who get the purchasing directors of the automotive trade.
func top3() []string {
	return []string{salesEmail, "huang.jiaxin@demo.example", "liu.yang@demo.example"}
}

// found makes the people, their departments, pools and leave, and the secrets.
func (w *world) found(ctx context.Context) error {
	hash, err := w.Accounts.Hash(ctx, Password)
	if err != nil {
		return err
	}
	ids := map[string]string{}
	for _, d := range departments() {
		if err := w.foundDepartment(ctx, d, hash, ids); err != nil {
			return err
		}
	}
	if err := w.pool(ctx, "top3", top3()); err != nil {
		return err
	}
	if err := w.leaves(ctx); err != nil {
		return err
	}
	return w.secrets(ctx)
}

func (w *world) foundDepartment(ctx context.Context, d department, hash string, ids map[string]string) error {
	made, err := w.Accounts.CreateDepartment(ctx, account.Department{Name: d.name, Parent: ids[d.under]})
	if err != nil {
		return err
	}
	ids[d.name] = made.ID
	var members []string
	for _, p := range d.people {
		email := p.email + "@demo.example"
		user, err := w.Accounts.CreateUser(ctx, account.NewUser{
			Name: p.name, Email: email, PasswordHash: hash, Department: made.ID, Roles: []string{p.role},
		})
		if err != nil {
			return err
		}
		w.user[email] = user.ID
		w.email[user.ID] = email
		if !p.idle {
			members = append(members, email)
		}
	}
	leader := w.user[d.people[0].email+"@demo.example"]
	if _, err := w.Accounts.UpdateDepartment(ctx, made.ID, account.DepartmentChange{Leader: &leader}); err != nil {
		return err
	}
	if d.pool == "" {
		return nil
	}
	w.sellers = append(w.sellers, members...)
	return w.pool(ctx, d.pool, members)
}

func (w *world) pool(ctx context.Context, name string, emails []string) error {
	members := make([]account.PoolMember, 0, len(emails))
	for _, email := range emails {
		members = append(members, account.PoolMember{User: w.user[email], Weight: 1})
	}
	return w.Accounts.SetPoolMembers(ctx, name, members)
}

// leaves are a few weeks off, two of them over the end of history.
func (w *world) leaves(ctx context.Context) error {
	for _, l := range []struct {
		email      string
		from, days int // begins days before the end, lasts days
		reason     string
	}{
		{"zhang.lei@demo.example", 96, 5, "年假"},
		{"hu.ting@demo.example", 61, 10, "婚假"},
		{"gao.peng@demo.example", 33, 3, "病假"},
		{"mai.zijian@demo.example", 1, 4, "年假"},
		{"lu.siyuan@demo.example", 0, 3, "培训"},
	} {
		day := w.end.In(w.zone).AddDate(0, 0, -l.from)
		from := time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, w.zone)
		_, err := w.Accounts.AddLeave(ctx, account.Leave{User: w.user[l.email], From: from, To: from.AddDate(0, 0, l.days), Reason: l.reason})
		if err != nil {
			return err
		}
	}
	return nil
}
