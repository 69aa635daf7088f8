package io.millrace.jobs.cli

import java.util.{List => JList, Optional, OptionalInt}

import scala.jdk.CollectionConverters._

import org.scalatest.funsuite.AnyFunSuite
import org.scalatest.prop.TableDrivenPropertyChecks
import picocli.CommandLine
import picocli.CommandLine.Command

import io.millrace.dataset.{DatasetException, StorageUri, Usage}
import io.millrace.dataset.versioning.{GroupKey, SplitParts, SplitPlan}
import io.millrace.dataset.versioning.SplitPlan.{Division, EarlierParts, PartList, Rule}

class SplitOptionsSuite extends AnyFunSuite with TableDrivenPropertyChecks {

  test("VER-3 options - none given, or a ratio of 1.00 - split nothing") {
    assert(plan() == SplitPlan.NONE)
    assert(plan("--train-ratio", "1.00") == SplitPlan.NONE)
  }

  test("VER-3 options - shares, ratio or folds - are the parts") {
    assert(plan("--train-ratio", "0.80", "--seed", "4") == SplitPlan.ofRatio("0.80", 4))
    assert(plan("--split", "70,20,10") == new Division(SplitParts.Shares.parse("70,20,10"), 0))
    assert(plan("--folds", "5") == new Division(new SplitParts.Folds(5, OptionalInt.empty), 0))
    assert(plan("--folds", "5", "--fold", "0") ==
      new Division(new SplitParts.Folds(5, OptionalInt.of(0)), 0))
  }

  test("VER-3 options - all given - are in the plan, in their order") {
    val given_ = plan(
      "--split", "90,10", "--split-where", "TEST: hard", "--split-where", "EVAL: label = 'a, b'",
      "--split-list", "/l/a.csv", "--split-list", "test=s3://b/t=1.txt", "--stable",
      "--group-by", "attribute:group", "--seed", "9")
    assert(given_ == new Division(
      SplitParts.Shares.parse("90,10"),
      Seq("TEST: hard", "EVAL: label = 'a, b'").map(Rule.parse).asJava,
      JList.of(
        new PartList(StorageUri.parse("file:///l/a.csv"), Optional.empty),
        new PartList(StorageUri.parse("s3://b/t=1.txt"), Optional.of(Usage.TEST))),
      EarlierParts.KEEP,
      new GroupKey.Attribute("group"),
      9))
  }

  test("VER-3 options - a rule alone - draws nothing") {
    val ruled = plan("--split-where", "TEST: hard").asInstanceOf[Division]
    assert(ruled.parts == SplitParts.NOTHING_DRAWN && ruled.rules.size == 1)
  }

  test("VER-3 options - that contradict each other - fail in a sentence") {
    val cases = Table(
      ("arguments", "message"),
      (Seq("--split", "80,20", "--folds", "5"),
        "Invalid options: --split and --folds contradict each other. Give one of them."),
      (Seq("--train-ratio", "0.80", "--split", "80,20"),
        "Invalid options: --train-ratio and --split contradict each other. Give one of them."),
      (Seq("--fold", "2"),
        "Invalid options: --fold 2 without --folds. Say how many folds there are, such as --folds 5."),
      (Seq("--folds", "5", "--fold", "5"), "Invalid fold for evaluation: 5 (expected 0 to 4)"),
      (Seq("--stable"), "Invalid options: --stable needs shares to draw. " +
        "Add --split, --train-ratio or --folds."),
      (Seq("--group-by", "digest", "--train-ratio", "1.00"),
        "Invalid options: --group-by needs shares to draw. " +
          "Add --split, --train-ratio or --folds."),
      (Seq("--split-where", "TEST: hard", "--stable"),
        "Invalid split: earlier parts are kept, or groups stay together, but nothing is drawn. " +
          "Say the shares of the parts, or the number of folds.")
    )
    forAll(cases) { (arguments, message) =>
      assert(intercept[DatasetException](plan(arguments: _*)).getMessage == message)
    }
  }

  test("VER-3 help - of publish - names every option with its default") {
    val help = CommandLineRun.of("version", "publish", "--help").out
    Seq("--train-ratio", "--split", "--folds", "--fold", "--split-where", "--split-list",
      "--stable", "--group-by", "--seed").foreach { option =>
      val described = help.split(s"\n +$option[= \n]", 2)
      assert(described.length == 2, option)
      assert(described(1).split("\n +--").head.contains("(default:"), option)
    }
    assert(help.contains("'%/test%'"))
  }

  private def plan(arguments: String*): SplitPlan = {
    val command = new SplitOptionsSuite.Bare
    new CommandLine(command).parseArgs(arguments: _*)
    command.options.toPlan
  }
}

object SplitOptionsSuite {
  @Command(name = "bare")
  class Bare {
    @CommandLine.Mixin val options: SplitOptions = new SplitOptions
  }
}
