package io.millrace.training

import java.nio.file.Path

import org.scalatest.funsuite.AnyFunSuite
import org.scalatest.prop.TableDrivenPropertyChecks._

import io.millrace.dataset.DatasetException

class CodeLocationSuite extends AnyFunSuite {

  test("TRN-1 code-dir - local or on a storage - has the name that it has there, and is shown as it was given") {
    val cases = Table(
      ("text", "shown", "name", "local"),
      ("/src/a/../detector/", "/src/detector", "detector", true),
      ("file:///src/my%20code", "/src/my code", "my code", true),
      ("obs://bucket/mnist/code/", "obs://bucket/mnist/code/", "code", false),
      ("s3://bucket/50%", "s3://bucket/50%", "50%", false),
      ("s3a://bucket", "s3a://bucket", "code", false),
      ("hdfs://head:8020/user/x/src", "hdfs://head:8020/user/x/src", "src", false)
    )
    forAll(cases) { (text, shown, name, local) =>
      val code = CodeLocation.parse(text)
      assert((code.toString, code.name, code.localPath.isPresent) === ((shown, name, local)))
      assert(CodeLocation.parse(code.toString) === code)
    }
    assert(CodeLocation.of(Path.of("/c")) === CodeLocation.parse("/c"))
  }

  test("TRN-1 code-dir - where no directory can be, or above itself - is refused") {
    def refusal(text: String) = intercept[DatasetException](CodeLocation.parse(text)).getMessage
    assert(refusal("https://host/code?sign=secret") ===
      "Invalid code-dir: 'https://host/code' is no directory (expected a local one, or one of s3://, s3a://, obs:// or hdfs://)")
    assert(refusal("content://print()").contains("is no directory"))
    assert(refusal("s3://b/code/../other") ===
      "Invalid code-dir: 's3://b/code/../other' (expected an address without '.' and '..')")
    assert(refusal("s3://b/..").contains("without '.' and '..'"))
  }

  test("TRN-1 boot-file - as ModelArts' tools write it - is the path below code-dir") {
    val cases = Table(
      ("code-dir", "boot-file", "relative"),
      ("/src", "/src/a/train.py", "a/train.py"),
      ("/src", "/other/train.py", "/other/train.py"),
      ("/src", "train.py", "train.py"),
      ("obs://bucket/mnist/code/", "main.py", "main.py"),
      ("obs://bucket/mnist/code/", "obs://bucket/mnist/code/a/main.py", "a/main.py"),
      ("obs://bucket/mnist/code", "/bucket/mnist/code/main.py", "main.py"),
      ("s3a://bucket/code", "s3://bucket/code/main.py", "main.py"),
      ("obs://bucket/code", "obs://bucket/codes/main.py", "obs://bucket/codes/main.py"),
      ("obs://bucket/code", "obs://other/code/main.py", "obs://other/code/main.py"),
      ("obs://bucket/code", "obs://bucket/code", "obs://bucket/code"),
      ("obs://bucket/code", "/code/main.py", "/code/main.py")
    )
    forAll(cases)((code, file, relative) => assert(CodeLocation.parse(code).relative(file) === relative))
  }
}
