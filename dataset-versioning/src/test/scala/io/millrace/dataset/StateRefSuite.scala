package io.millrace.dataset

import org.scalatest.funsuite.AnyFunSuite
import org.scalatest.prop.TableDrivenPropertyChecks.{forAll, Table}

class StateRefSuite extends AnyFunSuite {
  private val pets = new DatasetName("pets")

  test("VER-5 state reference - of each form - is a version or a working state, and is written back") {
    assert(StateRef.parse("pets") == new StateRef.Published(DatasetRef.parse("pets")))
    forAll(
      Table("text", "pets@V001", "pets@current", "pets@golden", "pets@2026-05-06T12:00:00Z")
    ) { text =>
      val ref = StateRef.parse(text)
      assert(ref == new StateRef.Published(DatasetRef.parse(text)))
      assert(ref.toString == text && ref.dataset == pets)
    }
    val working = StateRef.parse("pets@working:trial")
    assert(working == new StateRef.Working(pets, new BranchName("trial")))
    assert(working.toString == "pets@working:trial" && working.dataset == pets)
    // A version may be called so.
    assert(StateRef.parse("pets@working") == new StateRef.Published(DatasetRef.parse("pets@working")))
  }

  test("VER-5 state reference - a bad name - fails with the rule") {
    forAll(
      Table(
        ("text", "words"),
        ("1st@V001", "Invalid dataset name: '1st'"),
        ("pets@working:", "Invalid branch name: ''"),
        ("pets@working:a b", "Invalid branch name: 'a b'"),
        ("pets@soon:", "Invalid time of a version: 'soon:'"))) { (text, words) =>
      val e = intercept[DatasetException](StateRef.parse(text))
      assert(e.getMessage.startsWith(words), e.getMessage)
    }
  }
}
