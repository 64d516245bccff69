variable "stage" {
  type    = string
  default = "test"
}

variable "currency" {
  type = string
}

variable "wait" {
  type    = number
  default = 0
}
