terraform {
  required_providers {
    aws = { source = "hashicorp/aws", version = "~> 6.0" }
  }
}

locals {
  prefix = "shop-${var.stage}"
}

resource "aws_iam_role" "machine" {
  name = "${local.prefix}-machine"
}

resource "aws_sfn_state_machine" "price" {
  name     = "${local.prefix}-price"
  role_arn = aws_iam_role.machine.arn
  type     = "EXPRESS"

  definition = templatefile("${path.module}/flows/price.asl.json.tftpl", {
    currency = var.currency
    rates    = { books = 7, toys = 19 }
  })
}

resource "aws_sfn_state_machine" "order" {
  name     = "${local.prefix}-order"
  role_arn = aws_iam_role.machine.arn

  definition = jsonencode({
    StartAt = "Price"
    States = {
      Price = {
        Type     = "Task"
        Resource = "arn:aws:states:::states:startExecution"
        Parameters = {
          StateMachineArn = aws_sfn_state_machine.price.arn
          "Input.$"       = "$"
        }
        ResultSelector = { "started.$" = "$.StartDate" }
        ResultPath     = "$.price"
        Next           = "Wait"
      }
      Wait = {
        Type    = "Wait"
        Seconds = var.wait
        Next    = "Done"
      }
      Done = {
        Type       = "Pass"
        Parameters = { "id.$" = "$.id", stage = var.stage, sender = aws_sns_topic.receipts.arn }
        End        = true
      }
    }
  })

  tags = {
    stage = var.stage
  }
}

resource "aws_sns_topic" "receipts" {
  name = "${local.prefix}-receipts"
}
