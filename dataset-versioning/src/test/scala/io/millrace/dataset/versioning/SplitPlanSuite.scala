package io.millrace.dataset.versioning

import java.util.{List => JList, Optional, OptionalInt}

import scala.jdk.CollectionConverters._

import org.scalatest.funsuite.AnyFunSuite
import org.scalatest.prop.TableDrivenPropertyChecks

import io.millrace.dataset.{DatasetException, StorageUri, Usage}
import io.millrace.dataset.filter.{InvalidSelectionException, SampleFilter}
import io.millrace.dataset.versioning.SplitPlan.{Division, EarlierParts, PartList, Rule}

class SplitPlanSuite extends AnyFunSuite with TableDrivenPropertyChecks {

  test("VER-2 ratio - texts - are taken or refused") {
    val good = Table(
      ("text", "plan"),
      ("1.00", SplitPlan.NONE),
      ("1", SplitPlan.NONE),
      ("0.8", plan(Usage.TRAIN -> 80, Usage.EVAL -> 20)),
      ("0.05", plan(Usage.TRAIN -> 5, Usage.EVAL -> 95)),
      ("0.00", plan(Usage.EVAL -> 100))
    )
    forAll(good)((text, plan) => assert(SplitPlan.ofRatio(text, 7) == plan))
    forAll(Table("text", "1.01", "-0.10", "0.805", "80%", "", "NaN", "1E+9", "0,8")) { text =>
      val e = intercept[DatasetException](SplitPlan.ofRatio(text, 7))
      assert(
        e.getMessage == s"Invalid train_evaluate_sample_ratio: '$text' " +
          "(expected 0.00 to 1.00 with at most two decimals)"
      )
    }
  }

  test("VER-3 shares - texts - are taken or refused") {
    val good = Table(
      ("text", "shares"),
      ("70,20,10", "TRAIN 70 %, EVAL 20 %, TEST 10 %"),
      (" 70 , 30 ", "TRAIN 70 %, EVAL 30 %"),
      ("100", "TRAIN 100 %"),
      ("90,0,10", "TRAIN 90 %, TEST 10 %"),
      ("test=10,Train=90", "TRAIN 90 %, TEST 10 %")
    )
    forAll(good)((text, shares) => assert(SplitParts.Shares.parse(text).toString == shares))
    val bad = Table("text", "", "70,x", "a=b", "TRAIN=70,30", "70,TEST=30", "10,20,30,40",
      "TRAIN=50,TRAIN=50", "70.5,29.5")
    forAll(bad) { text =>
      val e = intercept[DatasetException](SplitParts.Shares.parse(text))
      assert(e.getMessage.startsWith(s"Invalid split: '$text' (expected whole percents"))
    }
    val sum = intercept[DatasetException](SplitParts.Shares.parse("70,20"))
    assert(sum.getMessage == "Invalid shares of a split: 90 percent together (expected 100)")
    val share = intercept[DatasetException](SplitParts.Shares.parse("120,-20"))
    assert(share.getMessage == "Invalid share of TRAIN: 120 percent (expected 0 to 100)")
  }

  test("VER-3 folds - numbers - are within bounds") {
    val count = intercept[DatasetException](new SplitParts.Folds(1, OptionalInt.empty))
    assert(count.getMessage == "Invalid number of folds: 1 (expected 2 to 100)")
    val eval = intercept[DatasetException](new SplitParts.Folds(5, OptionalInt.of(5)))
    assert(eval.getMessage == "Invalid fold for evaluation: 5 (expected 0 to 4)")
  }

  test("VER-3 rule - texts - are taken or refused with the place") {
    val rule = Rule.parse("test: directory like '%/test%' and label = 'a:b'")
    assert(rule == new Rule(
      SampleFilter.parse("directory like '%/test%' and label = 'a:b'"), Usage.TEST))
    forAll(Table("text", "label = 'x'", "BLUE: hard", "")) { text =>
      val e = intercept[DatasetException](Rule.parse(text))
      assert(e.getMessage.startsWith(s"Invalid rule of a split: '$text' (expected a part, a colon"))
    }
    val place = intercept[InvalidSelectionException](Rule.parse("TRAIN: width > x"))
    assert(place.getMessage.endsWith("\n  width > x\n          ^"))
    val metric = intercept[DatasetException](Rule.parse("TRAIN: metric.brightness > 3"))
    assert(metric.getMessage.contains("asks for metrics, which only published versions have"))
    assert(metric.getMessage.endsWith("Leave out brightness."))
  }

  test("VER-3 group key - texts - are taken or refused") {
    val good = Table[String, GroupKey](
      ("text", "key"),
      ("directory", GroupKey.Standard.DIRECTORY),
      ("DIGEST", GroupKey.Standard.DIGEST),
      ("video", new GroupKey.Attribute("@modelarts:parent_source")),
      ("attribute:Group a:b", new GroupKey.Attribute("Group a:b")),
      ("property:x", new GroupKey.Attribute("x"))
    )
    forAll(good)((text, key) => assert(GroupKey.parse(text) == key))
    forAll(Table("text", "", "group", "directory:x", "none")) { text =>
      val e = intercept[DatasetException](GroupKey.parse(text))
      assert(e.getMessage == s"Invalid group key: '$text' " +
        "(expected directory, digest, video or attribute:NAME)")
    }
    val e = intercept[DatasetException](GroupKey.parse("attribute: "))
    assert(e.getMessage == "Invalid group key: the attribute has no name")
  }

  test("VER-3 plan - nothing is drawn - needs a rule or a list, and takes no group key") {
    val nothing = SplitParts.NOTHING_DRAWN
    val rules = JList.of(Rule.parse("TEST: hard"))
    val none = intercept[DatasetException](new Division(nothing, 1))
    assert(none.getMessage.startsWith("Invalid split: nothing is drawn, and no rule and no list"))
    val byRule = new Division(
      nothing, rules, JList.of, EarlierParts.IGNORE, GroupKey.Standard.NONE, 1)
    assert(byRule.rules == rules)
    Seq[Division => Division](
      _.withEarlier(EarlierParts.KEEP), _.withGroupKey(GroupKey.Standard.DIGEST)).foreach { with_ =>
      val e = intercept[DatasetException](with_(byRule))
      assert(e.getMessage.contains("but nothing is drawn. Say the shares of the parts"))
    }
  }

  test("VER-5 plan - as text - tells all that decides") {
    val plan = new Division(SplitParts.Shares.parse("80,20"), 7)
      .withRules(JList.of(Rule.parse("test: label='x'")))
      .withLists(JList.of(new PartList(StorageUri.parse("/l.csv"), Optional.of(Usage.EVAL))))
      .withEarlier(EarlierParts.KEEP)
      .withGroupKey(GroupKey.Standard.DIGEST)
    assert(plan.toString ==
      "TRAIN 80 %, EVAL 20 %; EVAL list /l.csv; TEST: label = 'x'; stable; by digest; seed 7")
    assert(SplitPlan.ofRatio("0.8", 7).toString == "TRAIN 80 %, EVAL 20 %; seed 7")
    assert(SplitPlan.NONE.toString == "none")
    plan.rules.forEach(rule => assert(Rule.parse(rule.toString) == rule))
    Seq("attribute:a b", "directory", "digest").foreach { text =>
      assert(GroupKey.parse(text).toString == text)
    }
  }

  private def plan(percents: (Usage, Int)*): SplitPlan = {
    val shares = percents.map { case (usage, percent) => usage -> Int.box(percent) }.toMap.asJava
    new Division(new SplitParts.Shares(shares), 7)
  }
}
