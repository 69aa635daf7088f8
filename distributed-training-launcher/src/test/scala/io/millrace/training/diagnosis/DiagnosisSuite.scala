package io.millrace.training.diagnosis

import java.io.{ByteArrayInputStream, InputStream}
import java.nio.charset.StandardCharsets.UTF_8
import java.nio.file.Files

import scala.jdk.CollectionConverters._

import io.millrace.dataset.DatasetException
import org.scalatest.funsuite.AnyFunSuite
import org.scalatest.prop.TableDrivenPropertyChecks.{forAll, Table}

class DiagnosisSuite extends AnyFunSuite {
  private val catalogue = DiagnosisCatalogue.shipped()

  test("TRN-9 shipped catalogue - has at least 45 entries, each with a sample, a cause and an advice") {
    val errors = catalogue.errors.asScala
    assert(errors.size >= 45)
    assert(errors.map(_.id).distinct.size == errors.size)
    errors.foreach { error =>
      assert(!error.sample.isEmpty, error.id)
      for (text <- Seq(error.cause, error.advice)) assert(text.endsWith(".") && text.length > 20, error.id)
    }
    assert(errors.count(_.source.contains("ModelArts 15.4")) >= 40)
  }

  test("TRN-9 sample - of each entry - is diagnosed as that entry before all others") {
    forAll(Table("error", catalogue.errors.asScala.toSeq: _*)) { error =>
      val found = diagnose(log("worker-0", error.sample.asScala.toSeq: _*))
      assert(found.headOption.map(_.error.id).contains(error.id), error.sample)
      assert(!found.head.lines.isEmpty)
    }
  }

  test("TRN-9 sample - with the prefixes of ranks and the colours of a terminal - is diagnosed too") {
    forAll(Table("error", catalogue.errors.asScala.toSeq: _*)) { error =>
      val lines = error.sample.asScala.toSeq.map(line => s"[rank 3] [rank3]: \u001b[31m$line\u001b[0m")
      assert(diagnose(log("worker-0", lines: _*)).head.error == error)
    }
  }

  test("TRN-9 messages as ModelArts' user guide prints them - are known") {
    val messages = Table(
      ("message", "id"),
      ("ImportError: No module named xxx", "python-module-missing"),
      ("No module name 'unicode'", "python-module-missing"),
      ("xxx.whl is not a supported wheel on this platform", "wheel-not-supported"),
      ("libcudart.so.9.0 cannot open shared object file no such file or directory", "cuda-library-missing"),
      ("error: unrecognized arguments: --data_url=xxx://xxx/xxx", "arguments-unknown"),
      ("absl.flags_exceptions.UnrecognizedFlagError:Unknown command line flag 'task_index'", "arguments-unknown"),
      ("操作失败！ Other running job contain train_url: / bucket-20181114/code_hxm/", "output-in-use"),
      ("'can't decode byte xxx in position xxx'", "text-encoding"),
      ("OSError:[Errno 28] No space left on device", "disk-full"),
      ("RuntimeError: [Errno 28] No space left on device", "disk-full"),
      ("RuntimeError: CUDA out of memory. Tried to allocate 14.29 GiB (GPU 0; 14.29 GiB total capacity; 0 bytes", "cuda-out-of-memory"),
      ("Runtimeerror: Dataloader worker (pid 46212) is killed by signal: Killed BP", "dataloader-worker-killed"),
      ("'OSError: [Errno 101] Network is unreachable'", "network-unreachable"),
      ("[Errno 13]Permission denied: '/xxx/xxxx'", "permission-denied"),
      ("bash: /bin/ln: Permission denied", "permission-denied"),
      ("bash:/home/ma-user/.pip/pip.conf: Permission Denied", "permission-denied"),
      ("tee: /xxx/xxxx: Permission denied cp: cannot stat '': No such file or directory", "permission-denied"),
      ("RuntimeError: connect() timed out.", "rendezvous-timeout"),
      ("pandas.errors.ParserError: Error tokenizing data. C error: Expected 4 field", "csv-columns"),
      ("RuntimeError: NCCL error in: /pytorch/torch/lib/c10d/ProcessGroupNCCL.cpp:374, internal error", "nccl-error"),
      ("NCCL WARN Bootstrap : no socket interface found", "nccl-no-interface"),
      ("RuntimeError: NCCL communicator was aborted on rank 7", "nccl-timeout"),
      ("NCCL timeout", "nccl-timeout"),
      ("NCCL INFO Call to connect returned Connection refused, retrying", "nccl-connection-refused"),
      ("Got completion with error 12, opcode 1, len 32478, vendor err 129", "infiniband-completion"),
      ("[Modelarts Service Log]Training end with return code: 139", "segmentation-fault"),
      ("[Modelarts Service Log]Training end with return code: 247", "killed"))
    forAll(messages) { (message, id) =>
      assert(diagnose(log("worker-0", message)).map(_.error.id) == Seq(id))
    }
  }

  test("TRN-9 messages of current frameworks - are known") {
    val messages = Table(
      ("message", "id"),
      ("torch.cuda.OutOfMemoryError: CUDA out of memory. Tried to allocate 20.00 MiB", "cuda-out-of-memory"),
      ("torch.OutOfMemoryError: NPU out of memory. Tried to allocate 72.00 MiB (NPU 0; 61.27 GiB total capacity", "npu-out-of-memory"),
      ("[ERROR] RUNTIME_FRAMEWORK(1739195,ffff,python) SyncTensorData] #umsg#Memory not enough:#umsg#Device(id:0) memory", "mindspore-out-of-memory"),
      ("RuntimeError: DataLoader worker (pid 4012) is killed by signal: Bus error. It is possible", "dataloader-shared-memory"),
      ("terminate called after throwing an instance of 'std::bad_alloc'", "host-memory-errno"),
      ("MemoryError", "host-memory-errno"),
      ("ubuntu:9621:9685 [0] misc/shmutils.cc:112 NCCL WARN Error while creating shared memory segment /dev/shm/nccl-zTYolS (size 5967872)", "nccl-shared-memory"),
      ("node08:27106:27302 [0] include/shm.h:27 NCCL WARN Call to shm_open failed : Permission denied", "nccl-shared-memory"),
      ("ubuntu1583:1585 [0] init.cc:738 NCCL WARN Duplicate GPU detected : rank 0 and rank 1 both on CUDA device 1000", "nccl-duplicate-gpu"),
      ("RuntimeError: NCCL error in ProcessGroupNCCL.cpp:290, unhandled system error", "nccl-error"),
      ("ncclRemoteError: A call failed possibly due to a network error or a remote process exiting prematurely.", "peer-lost"),
      ("[PG 1 Rank 0] Exception (either an error or timeout) detected by watchdog at work: 1580, last enqueued NCCL work: 1582", "nccl-timeout"),
      ("torch.distributed.DistBackendError: [4] is setting up NCCL communicator and retrieving ncclUniqueId from [0] via c10d key-value store by key '0', but store->get('0') got error: Socket Timeout", "rendezvous-timeout"),
      ("torch.distributed.DistStoreError: Socket Timeout", "rendezvous-timeout"),
      ("[E socket.cpp:860] [c10d] The client socket has timed out after 60s while trying to connect to 192.0.0.1:1234", "rendezvous-timeout"),
      ("torch.distributed.DistNetworkError: The client socket has timed out after 10000ms while trying to connect to (localhost, 44557).", "rendezvous-timeout"),
      ("torch.distributed.elastic.rendezvous.api.RendezvousConnectionError: The connection to the C10d store has failed.", "rendezvous-timeout"),
      ("torch.distributed.elastic.rendezvous.api.RendezvousTimeoutError", "rendezvous-timeout"),
      ("torch.distributed.DistNetworkError: failed to recv, got 0 bytes", "peer-lost"),
      ("RuntimeError: [../third_party/gloo/gloo/transport/tcp/unbound_buffer.cc:81] Timed out waiting 1800000ms for recv operation to complete", "peer-lost"),
      ("RuntimeError: [../third_party/gloo/gloo/transport/tcp/pair.cc:598] Connection closed by peer [10.0.0.1]:3405", "peer-lost"),
      ("[ERROR] HCCL(2717288,python3):2025-07-23-03:49:57.177.194 [hccl_socket_manager.cc:778] [2734049][Wait][LinkEstablish]wait socket establish timeout, role[1] rank[12] timeout[120]", "hccl-connect-timeout"),
      ("[HcclSocket][Listen] socket type[1], listen on ip[192.168.20.160] and specific port[16666] fail. Please check the port status and whether the port is been using by other process.", "port-in-use"),
      ("OSError: [Errno 98] Address already in use", "port-in-use"),
      ("RuntimeError: CUDA error: no kernel image is available for execution on the device", "cuda-architecture"),
      ("RuntimeError: Found no NVIDIA driver on your system.", "no-gpu"),
      ("RuntimeError: CUDA error: invalid device ordinal", "invalid-device-ordinal"),
      ("/usr/bin/python3: No module named torchrun", "python-module-missing"),
      ("ImportError: numpy.core.multiarray failed to import", "numpy-binary"),
      ("./train.sh: line 3:  4711 Killed                  python train.py", "killed"),
      ("subprocess.CalledProcessError: Command '['python', 'train.py']' died with <Signals.SIGKILL: 9>.", "killed"),
      ("  exitcode  : -11 (pid: 4711)", "segmentation-fault"),
      ("requests.exceptions.ConnectionError: HTTPSConnectionPool(host='download.pytorch.org', port=443): Max retries exceeded with url: /models/x.pth", "download-timeout"))
    forAll(messages) { (message, id) =>
      assert(diagnose(log("worker-0", message)).map(_.error.id) == Seq(id))
    }
  }

  test("TRN-9 log of a run without failure - gives no diagnosis") {
    for (lines <- Seq(CleanLogs.torch, CleanLogs.mindspore, CleanLogs.words)) {
      assert(diagnose(log("worker-0", lines: _*)).map(each => each.error.id -> each.lines) == Seq())
    }
  }

  test("TRN-9 exit code - alone - is diagnosed where it tells something") {
    val codes = Table(
      ("code", "id"),
      (137, "killed"),
      (247, "killed"),
      (139, "segmentation-fault"),
      (134, "aborted"),
      (143, "terminated"),
      (135, "bus-error"),
      (132, "illegal-instruction"),
      (127, "command-not-found"))
    forAll(codes) { (code, id) =>
      val found = diagnose(log("worker-1", "epoch 1 done").endedWith(code))
      assert(found.map(_.error.id) == Seq(id))
      assert(found.head.summary.contains(s"(worker-1, exit code $code). "))
      assert(found.head.lines.isEmpty)
    }
    for (code <- Seq(0, 1, 2)) assert(diagnose(log("worker-1", "epoch 1 done").endedWith(code)).isEmpty)
  }

  test("TRN-9 culprit - comes before its casualties, whichever log is read first") {
    val lost = log(
      "worker-0",
      "[rank0]: RuntimeError: [/pytorch/third_party/gloo/gloo/transport/tcp/pair.cc:534] Connection closed by peer [10.0.0.12]:41812",
      "terminate called after throwing an instance of 'c10::DistBackendError'")
    val oom = log("worker-1", "epoch 3", "[rank1]: torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.50 GiB.")
    for (logs <- Seq(Seq(lost.endedWith(134), oom), Seq(oom.endedWith(1), lost))) {
      val found = diagnose(logs: _*)
      assert(found.map(_.error.id).take(2) == Seq("cuda-out-of-memory", "peer-lost"))
      assert((found.head.worker, found.head.lines.get(0).number) == (("worker-1", 2)))
    }
    val timedOut = log("worker-0", catalogueSample("nccl-timeout"): _*)
    val killed = log("worker-1", "epoch 3").endedWith(137)
    assert(diagnose(killed, timedOut).map(_.error.id) == Seq("killed", "nccl-timeout"))
    assert(diagnose(log("worker-0", catalogueSample("nccl-timeout"): _*).endedWith(134)).map(_.error.id) ==
      Seq("nccl-timeout", "aborted"))
  }

  test("TRN-9 errors of one kind - in one log - come in the order of their lines") {
    val found = diagnose(log(
      "worker-0",
      "OSError: [Errno 28] No space left on device",
      "KeyError: 'bndbox'",
      "OSError: [Errno 28] No space left on device"))
    assert(found.map(_.error.id) == Seq("disk-full", "non-rectangular-boxes"))
    assert(found.head.lines.asScala.map(_.number) == Seq(1, 3))
  }

  test("TRN-9 the same error in several logs - is one diagnosis that names all workers") {
    val found = diagnose((0 to 2).map(node => log(s"worker-$node", "CUDA out of memory")): _*)
    assert(found.size == 1)
    assert((found.head.worker, found.head.alsoIn.asScala) == (("worker-0", Seq("worker-1", "worker-2"))))
    assert(found.head.describe.startsWith("CUDA out of memory (worker-0, line 1, also in worker-1, worker-2). "))
    assert(found.head.describe.endsWith("\n  1: CUDA out of memory"))
  }

  test("TRN-9 several attempts in one log - only the last one is diagnosed") {
    val attempts = log("worker-0", "begin", "CUDA out of memory", "begin", "KeyError: 'bndbox'")
      .withAttemptStart(_ == "begin")
    val found = diagnose(attempts)
    assert(found.map(_.error.id) == Seq("non-rectangular-boxes"))
    assert(found.head.lines.get(0).number == 4)
  }

  test("TRN-9 progress bar - its updates are one line - numbers are those of an editor") {
    val found = diagnose(log("worker-0", "  0%|\r 50%|\rRuntimeError: CUDA out of memory", "CUDA out of memory"))
    assert(found.head.lines.asScala.map(line => line.number -> line.text) ==
      Seq(1L -> "RuntimeError: CUDA out of memory", 2L -> "CUDA out of memory"))
  }

  test("TRN-9 log of 200,000 lines - is read in little memory, of its lines few are kept") {
    val found = diagnose(generated(200000, i =>
      if (i % 2 == 0) s"[rank1]: torch.OutOfMemoryError: CUDA out of memory. $i " + "x" * 600
      else s"step $i loss 0.137 lr 1e-4"))
    assert(found.map(each => (each.error.id, each.count)) == Seq(("cuda-out-of-memory", 100000)))
    assert(found.head.lines.size == Diagnosis.MAX_LINES)
    assert(found.head.lines.asScala.forall(_.text.length == Diagnosis.MAX_LINE_LENGTH))
  }

  test("TRN-9 one line of 10 million characters - is cut, and what follows it is read") {
    val text = new InputStream {
      private var left = 10000000
      private val end = new ByteArrayInputStream("\nCUDA out of memory".getBytes(UTF_8))
      override def read(): Int = if (left > 0) { left -= 1; 'x' } else end.read()
    }
    val found = diagnose(WorkerLog.of("worker-0", () => text))
    assert(found.map(_.lines.get(0).number) == Seq(2))
  }

  test("TRN-9 pattern that backtracks without end - is given up") {
    val evil = LinePattern.of("^(a+)+$")
    assert(evil.isIn("a" * 30))
    assert(!evil.isIn("a" * 2000 + "b"))
  }

  test("TRN-9 text that every match holds - is told from the pattern, or not at all") {
    val cases = Table(
      ("regex", "text"),
      ("CUDA out of memory", "CUDA out of memory"),
      ("\\[Errno 28\\]", "[Errno 28]"),
      ("^\\s*stat:403\\b", "stat:403"),
      ("\\b(?:lib|dll)\\.so", ".so"),
      ("colou?r", "colo"),
      ("ab{0,3}cd", "cd"),
      ("x[a-z\\]]+yz", "yz"),
      ("one|another", ""),
      ("(?i)upper", ""),
      ("\\x41bc", ""),
      ("(a|b)+", ""))
    forAll(cases)((regex, text) => assert(LinePattern.requiredText(regex) == text))
  }

  test("TRN-9 catalogue of one's own - comes before the shipped one and replaces what has the same id") {
    val file = Files.createTempFile("catalogue", ".json")
    Files.writeString(file, s"[${entry("id" -> "ours", "title" -> "Our error")}, ${entry("id" -> "disk-full", "title" -> "Ours too")}]")
    val both = catalogue.precededBy(DiagnosisCatalogue.read(file))
    assert(both.errors.size == catalogue.errors.size + 1)
    val found = both.diagnose(Seq(log("worker-0", "boom")).asJava).asScala
    assert(found.map(_.error.title) == Seq("Our error"))
    Files.writeString(file, "{}")
    assert(intercept[DatasetException](DiagnosisCatalogue.read(file)).getMessage.contains(file.toString))
    Files.delete(file)
  }

  test("TRN-9 catalogue that is no good - is refused with the entry and the field named") {
    val cases = Table(
      ("text", "words"),
      ("nothing", "it is no JSON"),
      ("{}", "it is no JSON list"),
      ("[7]", "entry 0 is no JSON object"),
      ("[{}]", "entry 0: id: it is missing"),
      (s"[${entry("id" -> "")}]", "entry 0: id: it is no text"),
      (s"[${entry("id" -> "Not Kebab")}]", "entry 'Not Kebab': Invalid id"),
      (s"[${entry("kind" -> "culprit")}]", "entry 'x': kind: it is 'culprit' (expected cause"),
      (s"[${entry().replace("\"advice\"", "\"advise\"")}]", "entry 'x': advise: it is unknown"),
      (s"[${entry("cause" -> " ")}]", "entry 'x': cause: it is no text"),
      (s"[${entry().replace("[\"boom\"]", "\"boom\"")}]", "entry 'x': patterns: it is no list"),
      (s"[${entry().replace("[\"boom\"]", "[1]")}]", "entry 'x': patterns[0]: it is no text"),
      (s"[${entry().replace("[\"boom\"]", "[\"ok\", \"(\"]")}]", "entry 'x': patterns[1]: '(' is no regular expression"),
      (s"[${entry().replace("[\"boom\"]", "[\".*\"]")}]", "entry 'x': patterns[0]: '.*' matches every line"),
      (s"[${entry().replace("[\"boom\"]", "[]")}]", "entry 'x': Invalid patterns of x"),
      (s"[${entry().replace("\"patterns\"", "\"exit-codes\": [\"137\"], \"patterns\"")}]", "entry 'x': exit-codes[0]: it is no whole number"),
      (s"[${entry().replace("\"patterns\"", "\"exit-codes\": [0], \"patterns\"")}]", "entry 'x': Invalid exit-codes of x: 0"),
      (s"[${entry()}, ${entry()}]", "two entries have the id 'x'"))
    forAll(cases) { (text, words) =>
      val e = intercept[DatasetException](DiagnosisCatalogue.read(new ByteArrayInputStream(text.getBytes(UTF_8))))
      assert(e.getMessage.startsWith("Cannot read the catalogue: ") && e.getMessage.contains(words))
    }
  }

  private def diagnose(logs: WorkerLog*): Seq[Diagnosis] = catalogue.diagnose(logs.asJava).asScala.toSeq

  private def log(worker: String, lines: String*): WorkerLog =
    WorkerLog.of(worker, () => new ByteArrayInputStream(lines.map(_ + "\n").mkString.getBytes(UTF_8)))

  private def catalogueSample(id: String): Seq[String] =
    catalogue.errors.asScala.find(_.id == id).get.sample.asScala.toSeq

  /** A log that is never whole in memory. */
  private def generated(lines: Int, line: Int => String): WorkerLog = {
    val text = new InputStream {
      private var next = 0
      private var current = new ByteArrayInputStream(Array.empty[Byte])
      override def read(): Int = {
        while (current.available == 0 && next < lines) {
          current = new ByteArrayInputStream((line(next) + "\n").getBytes(UTF_8))
          next += 1
        }
        current.read()
      }
    }
    WorkerLog.of("worker-0", () => text)
  }

  private def entry(fields: (String, String)*): String = {
    val texts = Seq("id" -> "x", "title" -> "X", "kind" -> "cause", "cause" -> "Some.", "advice" -> "Any.", "source" -> "us")
      .map { case (name, value) => name -> fields.toMap.getOrElse(name, value) }
    texts.map { case (name, value) => s""""$name": "$value"""" }.mkString("{", ", ", """, "patterns": ["boom"]}""")
  }
}
