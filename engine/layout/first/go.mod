module first.statehouse

go 1.26
