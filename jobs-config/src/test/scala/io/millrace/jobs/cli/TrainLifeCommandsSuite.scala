package io.millrace.jobs.cli

import java.nio.file.Files

import com.fasterxml.jackson.databind.ObjectMapper
import org.scalatest.funsuite.AnyFunSuite

import io.millrace.training.RunState

class TrainLifeCommandsSuite extends AnyFunSuite with TrainRuns {
  private val json = new ObjectMapper()

  private def numbered(): Unit = script("""import os
    |for i in range(3): print("node", os.environ["VC_TASK_INDEX"], "line", i)
    |""")

  test("TRN-6 logs - several workers - are printed one after the other, each line with its worker") {
    numbered()
    assert(submit("--nodes", "2").exitCode === ExitCode.DONE)
    val all = train("logs", "code", "--all", "--grep", "line [02]")
    assert(all.out.linesIterator.toSeq === Seq(
      "worker-0 | node 0 line 0", "worker-0 | node 0 line 2", "worker-1 | node 1 line 0", "worker-1 | node 1 line 2"))
    assert(train("logs", "code", "--worker", "1", "--worker", "0", "--grep", "line", "--tail", "1").out.linesIterator.toSeq ===
      Seq("worker-1 | node 1 line 2", "worker-0 | node 0 line 2"))
    assert(train("logs", "code", "--worker", "1", "--grep", "line 1").out === s"node 1 line 1${System.lineSeparator}")
    assert(train("logs", "code", "--rank", "1", "--tail", "2").out.linesIterator.toSeq ===
      Seq("node 1 line 1", "node 1 line 2"), "the process' own log has no line of the launcher")
  }

  test("TRN-6 logs --follow - two workers, with grep - prints lines as they come, whole, until the run is over") {
    gatedScript()
    val job = live(Seq("submit", "--code-dir", directory.resolve("code").toString, "--nodes", "2") ++ submitted: _*)
    eventually(assert(train("logs", "code", "--all").out.split("before").length === 3))
    val followed = live("logs", "code", "--all", "--follow", "--grep", "^(before|after)")
    eventually(assert(followed.lines.sorted === Seq("worker-0 | before 0", "worker-1 | before 1")))
    val late = live("logs", "code", "--all", "--follow", "--grep", "^(before|after)", "--tail", "0")
    open(1)
    eventually(assert(followed.lines.last === "worker-1 | after 1"))
    open(0)
    assert(followed.exitCode === ExitCode.DONE && late.exitCode === ExitCode.DONE && job.exitCode === ExitCode.DONE)
    assert(followed.lines.drop(2) === Seq("worker-1 | after 1", "worker-0 | after 0"))
    assert(late.lines.forall(_.contains("after")), late.lines)
  }

  test("TRN-6 events --follow - a run that goes on - prints each event once, until the run is over") {
    gatedScript()
    val job = live(Seq("submit", "--code-dir", directory.resolve("code").toString) ++ submitted: _*)
    eventually(assert(train("events", "code").out.contains("Training started")))
    val followed = live("events", "code", "--follow")
    val asJson = live("events", "code", "--follow", "-o", "json")
    eventually(assert(followed.lines.exists(_.contains("Training started"))))
    assert(!followed.lines.exists(_.contains("Training job completed")))
    open(0)
    assert(followed.exitCode === ExitCode.DONE && asJson.exitCode === ExitCode.DONE && job.exitCode === ExitCode.DONE)
    assert(followed.lines === train("events", "code").out.linesIterator.toSeq)
    assert(asJson.lines.map(json.readTree(_).get("message").asText).last === "Training job completed")
    assert(asJson.lines.size === followed.lines.size)
  }

  test("TRN-5 rebuild - a run, with other options - is the same job but for them, with the back end's options of before") {
    script("import os, sys\nprint('got', ' '.join(sys.argv[1:]), os.environ.get('NOTE'))\n")
    val first = submit(
      "--name", "cells", "--param", "lr=0.1", "--param", "epochs=3", "--env", "NOTE=a", "--retries", "2",
      "--sync-period", "0.5", "--check", "root=1MB,shm=0")
    assert(first.exitCode === ExitCode.DONE, first.err)
    val name = record("cells").run.displayName
    val again = train("rebuild", name, "--param", "lr=0.5", "--without", "epochs", "--experiment", "rates")
    assert(again.exitCode === ExitCode.DONE, again.err)
    assert(again.out.contains("got --lr 0.5 a"), again.out)
    val second = record("cells")
    assert(second.run.displayName !== name)
    assert(second.run.job.retries === 2 && second.run.job.experiment.get === "rates")
    val shown = json.readTree(train("show", second.run.id.value, "-o", "json").out)
    assert(shown.get("backend").asText === "local")
    assert(shown.get("backend_options").toString ===
      """{"check":["root=1MB","shm=0"],"grace":["5"],"sync-period":["0.5"]}""")
    val command = train("rebuild", name, "--user-command", "echo by \"$@\"")
    assert(command.exitCode === ExitCode.DONE && command.out.contains("by --lr 0.1 --epochs 3"), command.err + command.out)
  }

  test("TRN-5 delete - a run - is refused while it runs or nobody confirms; removes it, and leaves its outputs") {
    gatedScript()
    val out = directory.resolve("out")
    val job = live(
      Seq("submit", "--code-dir", directory.resolve("code").toString, "--output", s"train_url=$out") ++ submitted: _*)
    awaitState("code", RunState.RUNNING)
    val run = record("code")
    val name = run.run.displayName
    val early = train("delete", "code", "--yes")
    assert(early.exitCode === ExitCode.FAILED)
    assert(early.err.contains(s"Cannot delete $name: it is Running. Stop it first, with: millrace train stop $name --wait"))
    open(0)
    assert(job.exitCode === ExitCode.DONE)
    Files.writeString(out.resolve("model"), "m")
    val unasked = train("delete", "code")
    assert(unasked.exitCode === ExitCode.FAILED && unasked.err.contains("nobody is there to confirm it. Add --yes."))
    assert(train("delete", "code", "--yes").out.trim === s"Deleted $name")
    assert(!Files.exists(run.directory.root) && Files.exists(out.resolve("model")))
    assert(train("delete", "code", "--yes").err.contains("Cannot find training run 'code'"))
  }

  test("TRN-10 list - with filters - shows the runs of that kind, and what was used little") {
    numbered()
    submit("--name", "one", "--experiment", "first")
    script("import sys\nsys.exit(3)\n")
    submit("--name", "two")
    val one = record("one")
    Files.writeString(
      one.directory.eventFile,
      """{"time":"2026-03-01T12:00:00Z","type":"utilisation_low","node":"","message":"Low utilisation: 12.5 % of GPU 1 of worker-0 on average, below 50 %. Raise the batch size."}
        |""".stripMargin,
      java.nio.file.StandardOpenOption.APPEND)
    def names(options: String*): Seq[String] =
      train(Seq("list") ++ options: _*).out.linesIterator.toSeq.tail.map(_.takeWhile(_ != '-'))
    assert(names() === Seq("two", "one"))
    assert(names("--state", "failed") === Seq("two"))
    assert(names("--state", "failed,completed") === Seq("two", "one"))
    assert(names("--experiment", "first") === Seq("one") && names("--job", "two") === Seq("two"))
    assert(train("list", "--job", "three").out.contains("None of the 2 training runs in"))
    assert(train("list", "--job", "one").out.linesIterator.toSeq.last.endsWith("first       12.5 % of GPU 1 of worker-0"))
    assert(json.readTree(train("list", "--job", "one", "-o", "json").out).get(0).get("low_utilisation").asText ===
      "12.5 % of GPU 1 of worker-0")
  }

  test("TRN-5 show - a failed run - has its job, its back end, why it failed and the diagnosis") {
    script("import torchvisio\n")
    submit("--name", "cells", "--description", "finds cells", "--experiment", "first", "--image", "reg/x:1",
      "--output", s"train_url=${directory.resolve("out")}", "--param", "lr=0.1", "--nodes", "2",
      "--notify", "http://127.0.0.1:9/hook")
    val shown = train("show", "cells").out
    Seq("state       Failed", "exit code   1", "about       finds cells", "experiment  first", "image       reg/x:1",
      "layout      process-per-node, custom, 2 nodes of 1 cpu", s"output      train_url: file://${directory.resolve("out")}",
      "parameters  lr=0.1", "notifies    1 (127.0.0.1)", "retries     0", "back end    local --grace=5", "Likely cause: ", "torchvisio")
      .foreach(words => assert(shown.contains(words), shown))
    val node = json.readTree(train("show", "cells", "-o", "json").out)
    assert(node.at("/spec/name").asText === "cells" && node.get("diagnoses").size > 0)
  }

  test("TRN-5 attach - a run on this machine - is refused, as its processes end with its launcher") {
    numbered()
    submit()
    val attach = train("attach", "code")
    assert(attach.exitCode === ExitCode.FAILED)
    assert(attach.err.contains("no cluster owns its job"), attach.err)
  }
}
