package io.millrace.jobs.cli

import java.nio.file.Files

import scala.jdk.CollectionConverters._

import org.scalatest.funsuite.AnyFunSuite

import io.millrace.training.watch.RunRegistry

class TrainBackendsSuite extends AnyFunSuite with TrainRuns {

  test("TRN-4 submit - each kind of bad option - is one sentence with the value and the remedy, and starts nothing") {
    script("print('done')\n")
    val catalogue = Files.writeString(directory.resolve("errors.json"), """[{"id": "Bad Id"}]""").toString
    val image = Seq("--backend", "volcano", "--image", "reg/x:1", "--dry-run")
    def on(backend: String, options: String*): Seq[String] = Seq("--backend", backend) ++ options
    val cases: Seq[(Seq[String], String)] = Seq(
      on("slrum") -> "Invalid backend: 'slrum' (expected local, slurm, volcano or spark).",
      on("local", "--gres", "gpu") ->
        "Invalid options: --gres is for slurm, and the back end is local (leave it out, or choose another --backend).",
      on("local", "--cpus-per-node", "4") -> "Invalid options: --cpus-per-node is for slurm, spark, and the back end is local",
      on("local", "--dry-run") -> "Invalid options: --dry-run is for volcano, and the back end is local",
      (image ++ Seq("--no-install")) -> "Invalid options: --no-install is for local, slurm, spark, and the back end is volcano",
      on("local", "--grace", "soon") -> "Invalid grace: 'soon' (expected seconds such as 30 or 0.5).",
      on("local", "--grace", "7200") -> "Invalid grace: PT2H (expected 0 s to 1 h).",
      on("local", "--sync-period", "0") -> "Invalid sync period: PT0S (expected at least 10 ms).",
      on("local", "--check-nodes", "often") -> "Invalid check-nodes: 'often' (expected with-retries, always, never).",
      on("local", "--check", "root=lots") -> "Invalid check: 'lots' (expected bytes such as 512MB or 32GB).",
      on("local", "--check", "roof=1GB") -> "Invalid check of free space: roof=1073741824 (expected root, shm or cache",
      on("local", "--check", "root") -> "Invalid check: 'root' (expected NAME=VALUE).",
      on("local", "--hang-period", "0") -> "Invalid hang period: PT0S (expected 50 ms to 24 h).",
      on("local", "--hang-quiet-periods", "many") -> "Invalid hang-quiet-periods: 'many' (expected a whole number).",
      on("local", "--hang-action", "cry") -> "Invalid hang-action: 'cry' (expected report, stop).",
      on("local", "--error-catalogue", "/no/where.json") -> "Invalid error-catalogue: /no/where.json does not exist",
      on("local", "--error-catalogue", catalogue) -> s"($catalogue)",
      on("slurm", "--gres", "gpu:a100:4") -> "Invalid gres: 'gpu:a100:4' (expected NAME or NAME:TYPE, without a number).",
      on("slurm", "--cpus-per-node", "0") -> "Invalid CPUs per node",
      on("slurm", "--sbatch-option", "account=x") -> "Invalid option of sbatch: 'account=x' (expected --NAME=VALUE).",
      on("volcano", "--dry-run") -> "Invalid image: it is missing (the back end volcano runs containers; give --image).",
      (image ++ Seq("--priority", "3")) -> "give --priority-class 3=NAME).",
      (image ++ Seq("--priority-class", "4=x")) -> "Invalid priority-class: '4' (expected 1, 2 or 3 before the =).",
      (image ++ Seq("--namespace", "My")) -> "Invalid namespace: 'My' (expected 1 to 63 of a-z, 0-9 and -",
      (image ++ Seq("--memory", "lots")) -> "Invalid quantity: 'lots' (expected a number with a unit",
      (image ++ Seq("--device-resource", "gpu")) -> "Invalid device resource: 'gpu' (expected DOMAIN/NAME",
      (image ++ Seq("--pod-mount", "nfs:x=/data")) -> "Invalid mount: 'nfs:x=/data' (expected pvc: or host:).",
      image -> "is on no storage that pods share (no mount is given). Put it there or name its mount.",
      Seq("--backend", "volcano", "--image", "reg/x:1", "--pod-mount", s"host:$directory=$directory", "--kubeconfig", "/no/config") ->
        "Cannot use the cluster: the kubeconfig /no/config does not exist or cannot be read. Give its path.",
      on("spark") -> "Cannot start Spark: there is no master. Give --master URL, or start millrace by spark-submit.",
      on("spark", "--spark-conf", "x") -> "Invalid spark-conf: 'x' (expected NAME=VALUE).",
      on("spark", "--spark-resource", "2x") -> "Invalid resource: '2x' (expected Spark's name of it"
    )
    val wrong = cases.flatMap { case (options, sentence) =>
      val run = submit(options: _*)
      val technical = Seq("\tat ", "io.millrace").filter(word => run.err.contains(word))
      if (run.exitCode == ExitCode.FAILED && run.err.startsWith("millrace: Cannot") && run.err.contains(sentence) && technical.isEmpty) None
      else Some(s"$options: ${run.exitCode} ${run.out}${run.err}")
    }
    assert(wrong === Nil, wrong.mkString("\n\n"))
    assert(!Files.exists(runs) || RunRegistry.at(runs).list().isEmpty)
  }

  test("TRN-6 logs, list and rebuild - bad options - are refused with the choices") {
    script("print('done')\n")
    submit("--nodes", "2")
    val name = RunRegistry.at(runs).find("code").run.displayName
    val usage = Seq(
      Seq("logs", "code", "-o", "json") -> "Invalid output format of millrace train logs: json (expected text; logs are it)",
      Seq("logs", "code", "--grep", "(") -> "Invalid grep: '(' is no regular expression, Unclosed group at character 2",
      Seq("logs", "code", "--all", "--worker", "1") -> "Invalid options: --all and --worker (give one of them)",
      Seq("list", "--state", "gone") -> "gone"
    )
    usage.foreach { case (command, sentence) =>
      val run = train(command: _*)
      assert(run.exitCode === ExitCode.USAGE, command)
      assert(run.err.contains(sentence), run.err)
    }
    val failed = Seq(
      Seq("logs", "code", "--worker", "2") -> s"Cannot show the log of worker 2 of $name: it has 2. Give a number from 0 to 1.",
      Seq("logs", "code", "--rank", "2") -> s"Cannot show the log of rank 2 of $name: it has 2 processes with a log of their own. Give a number from 0 to 1.",
      Seq("logs", "code", "--tail", "-1") -> "Invalid tail: -1 (expected at least 0)",
      Seq("rebuild", "code", "--without", "lr") -> "--without lr, and the job has no input, output, parameter or variable of that name",
      Seq("rebuild", "none") -> "Cannot find training run 'none'",
      Seq("rebuild", "code", "--partition", "p") -> "--partition is for slurm, and the back end is local"
    )
    failed.foreach { case (command, sentence) =>
      val run = train(command: _*)
      assert(run.exitCode === ExitCode.FAILED, command)
      assert(run.err.contains(sentence), run.err)
    }
  }

  test("TRN-4 submit --backend volcano --dry-run - a job with everything - prints the YAML, and starts nothing") {
    script("print('done')\n")
    val run = submit("--backend", "volcano", "--dry-run", "--image", "reg/torch:2.5", "--nodes", "2", "--devices", "8",
      "--device-type", "gpu", "--launch", "process-per-device", "--priority", "3", "--priority-class", "3=high",
      "--pool", "research", "--namespace", "training", "--cpu", "64", "--memory", "512Gi", "--shm", "64Gi",
      "--pod-mount", s"pvc:data=$directory:/data", "--node-label", "gpu=a100", "--secret", "keys", "--pull-secret",
      "registry", "--auto-stop", "2", "--retries", "2", "--keep", "60", "--python", "/opt/python")
    assert(run.exitCode === ExitCode.DONE, run.err)
    Seq("apiVersion: \"batch.volcano.sh/v1alpha1\"", "  namespace: \"training\"", "  queue: \"research\"",
      "  priorityClassName: \"high\"", "  minAvailable: 2", "  maxRetry: 3", "  ttlSecondsAfterFinished: 60",
      "        activeDeadlineSeconds: 7200", "          image: \"reg/torch:2.5\"", "              nvidia.com/gpu: \"8\"",
      "              memory: \"512Gi\"", "            claimName: \"data\"", "          gpu: \"a100\"",
      "        terminationGracePeriodSeconds: 5", "              name: \"keys\"", "        - name: \"registry\"",
      "            sizeLimit: \"64Gi\"")
      .foreach(line => assert(run.out.linesIterator.contains(line), s"'$line' in ${run.out}"))
    assert(run.out.contains("/opt/python"))
    assert(!Files.exists(runs))
    val npu = submit("--backend", "volcano", "--dry-run", "--image", "reg/x:1", "--device-type", "npu", "--launch",
      "rank-table", "--log-url", s"$directory/logs", "--queue", "q", "--pod-mount", s"host:/mnt=$directory")
    assert(npu.exitCode === ExitCode.DONE, npu.err)
    Seq("huawei.com/ascend-1980", "ring-controller.cce: \"ascend-1980\"", "kind: \"ConfigMap\"", "queue: \"q\"",
      "RANK_TABLE_FILE=/home/ma-user/modelarts/rank_table/jobstart_hccl.json")
      .foreach(words => assert(npu.out.contains(words), npu.out))
    assert(!Files.exists(runs))
  }

  test("TRN-4 job file - backend and blocks of options - are taken, unless the command line says otherwise") {
    script("print('done')\n")
    val file = Files.writeString(
      directory.resolve("job.yaml"),
      """code-dir: code
        |boot-file: train.py
        |framework: custom
        |backend: volcano
        |image: reg/x:1
        |volcano:
        |  queue: research
        |  dry_run: true
        |  node-label: {gpu: a100}
        |  secret: [one, two]
        |  pod-mount: [host:DIRECTORY=DIRECTORY]
        |local: {grace: 4}
        |""".stripMargin.replace("DIRECTORY", directory.toString)).toString
    val asSaid = train("submit", "--file", file)
    assert(asSaid.exitCode === ExitCode.DONE, asSaid.err)
    Seq("queue: \"research\"", "gpu: \"a100\"", "name: \"one\"", "name: \"two\"").foreach(words =>
      assert(asSaid.out.contains(words), asSaid.out))
    assert(train("submit", "--file", file, "--queue", "q").out.contains("queue: \"q\""))
    assert(train("submit", "--file", file, "--backend", "local").exitCode === ExitCode.DONE)
    assert(train("show", "code").out.contains("back end    local --grace=4"))
    Files.writeString(directory.resolve("job.yaml"),
      "code-dir: code\nboot-file: train.py\nbackend: lokal\nlocal: {grase: 4, hang-period: [1, 2]}\n")
    val wrong = train("submit", "--file", file)
    Seq("job.yaml, line 3, column 10: Invalid backend: 'lokal' (expected local, slurm, volcano or spark).",
      "job.yaml, line 4, column 16: Unknown option 'grase' of the back end local (did you mean 'grace'?).",
      "Invalid hang-period: [1, 2] (expected one text).").foreach(words => assert(wrong.err.contains(words), wrong.err))
  }

  test("TRN-4 submit - what a back end cannot heed - is told") {
    val job = io.millrace.training.TrainingJob
      .builder("cells", directory.resolve("code"), "train.py")
      .flavor("f").pool("p").priority(2).uid(7).logLocation(io.millrace.dataset.StorageUri.parse("/logs")).build()
    import io.millrace.jobs.training.Backend._
    def unheeded(backend: io.millrace.jobs.training.Backend) = UnheededSettings.of(job, backend).asScala.toSeq
    assert(unheeded(LOCAL) === Seq("flavor f", "pool p", "priority 2"))
    assert(unheeded(SLURM) === Seq("flavor f", "priority 2"))
    assert(unheeded(VOLCANO) === Seq("flavor f", "uid 7", "log-url /logs"))
    assert(unheeded(SPARK) === Seq("flavor f", "pool p", "priority 2"))
  }

  test("TRN-4 submit --backend spark - a job of two nodes, detached - runs in the application that it starts") {
    script("import os\nprint('node', os.environ['VC_TASK_INDEX'], 'of', os.environ['MA_NUM_HOSTS'])\n")
    val run = submit("--backend", "spark", "--master", "local[2]", "--nodes", "2", "--detach", "--python",
      io.millrace.training.local.PythonFinder.onThisMachine().find(java.util.List.of()).require().executable.toString)
    assert(run.exitCode === ExitCode.DONE, run.err)
    awaitState("code", io.millrace.training.RunState.COMPLETED)
    assert(train("logs", "code", "--all", "--grep", "^node").out.linesIterator.toSeq ===
      Seq("worker-0 | node 0 of 2", "worker-1 | node 1 of 2"))
  }
}
