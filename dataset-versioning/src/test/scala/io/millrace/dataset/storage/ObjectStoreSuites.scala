package io.millrace.dataset.storage

import java.io.{IOException, UncheckedIOException}
import java.net.InetSocketAddress
import java.net.http.HttpClient
import java.nio.charset.StandardCharsets.UTF_8
import java.nio.file.Files
import java.util.concurrent.atomic.AtomicInteger

import scala.jdk.CollectionConverters._
import scala.util.Using

import com.sun.net.httpserver.{HttpExchange, HttpsConfigurator, HttpsServer}
import org.apache.hadoop.conf.Configuration
import org.scalatest.BeforeAndAfterAll
import org.scalatest.funsuite.AnyFunSuite

import io.millrace.dataset.{DatasetException, StorageUri}

class InMemoryObjectStoreSuite extends AnyFunSuite with ObjectStoreBehaviors with InMemoryStorage {
  override protected def freshDirectory(): (ObjectStore, StorageUri) =
    (store, StorageUri.parse("s3://bucket/dir"))

  objectStore()

  test("open streams - one left open - is counted") {
    put(store, StorageUri.parse("s3://b/x"), "x")
    val stream = store.open(StorageUri.parse("s3://b/x"))
    assert(store.openStreams == 1)
    stream.close()
    stream.close()
    assert(store.openStreams == 0)
  }
}

class LocalObjectStoreSuite extends AnyFunSuite with ObjectStoreBehaviors {
  override protected def freshDirectory(): (ObjectStore, StorageUri) =
    (new LocalObjectStore, StorageUri.of(Files.createTempDirectory("local-store-")))

  objectStore()

  test("create - abandoned by a killed writer - is no object and is deleted with its directory") {
    val (store, directory) = freshDirectory()
    store.create(directory.resolve("d/x")).write("half".getBytes(UTF_8))
    assert(Files.list(directory.resolve("d").requireLocalPath).count == 1)
    assert(names(store, directory).isEmpty)
    store.delete(directory.resolve("d"))
    assert(!Files.exists(directory.resolve("d").requireLocalPath))
  }

  test("list - links - follows those to files, not those to directories or nowhere") {
    val (store, directory) = freshDirectory()
    put(store, directory.resolve("real/x"), "12345")
    val root = directory.requireLocalPath
    Files.createSymbolicLink(root.resolve("file-link"), root.resolve("real/x"))
    Files.createSymbolicLink(root.resolve("directory-link"), root.resolve("real"))
    Files.createSymbolicLink(root.resolve("broken-link"), root.resolve("nothing"))
    assert(names(store, directory) == Set("real/x", "file-link"))
    val direct = Using.resource(store.listFiles(directory))(_.iterator.asScala.toSeq)
    assert(direct.map(_.uri) == Seq(directory.resolve("file-link")))
    assert(store.find(directory.resolve("file-link")).get.sizeBytes == 5)
    assert(names(store, directory.resolve("directory-link")) == Set("x"))
  }

  test("ING-1 list - links that form loops - ends; such a link is no object and no directory") {
    val (store, directory) = freshDirectory()
    put(store, directory.resolve("a/x"), "1")
    val root = directory.requireLocalPath
    Files.createSymbolicLink(root.resolve("a/up"), root)
    Files.createSymbolicLink(root.resolve("self"), root.resolve("self"))
    assert(names(store, directory) == Set("a/x"))
    assert(store.listFiles(directory).count == 0)
    assert(store.listDirectories(directory.resolve("a")).count == 0)
    assert(store.find(directory.resolve("self")).isEmpty)
  }

  test("ING-1 list - a directory that may not be read - fails and names the address") {
    val (store, directory) = freshDirectory()
    put(store, directory.resolve("closed/x"), "1")
    val closed = directory.requireLocalPath.resolve("closed")
    Files.setPosixFilePermissions(closed, java.util.Set.of())
    if (Files.isReadable(closed)) {
      // The superuser may read everything, closed or not.
      assert(names(store, directory) == Set("closed/x"))
    } else {
      val below = intercept[UncheckedIOException](names(store, directory))
      val direct = intercept[IOException](store.listFiles(directory.resolve("closed")))
      assert(below.getMessage.startsWith(s"Cannot list $directory: "))
      assert(direct.getMessage.startsWith(s"Cannot list ${directory.resolve("closed")}: "))
    }
  }

  test("delete - a link to a directory - removes the link alone") {
    val (store, directory) = freshDirectory()
    put(store, directory.resolve("real/x"), "1")
    val link = directory.requireLocalPath.resolve("link")
    Files.createSymbolicLink(link, directory.resolve("real").requireLocalPath)
    store.delete(directory.resolve("link"))
    assert(names(store, directory) == Set("real/x"))
  }

  test("create - a name that is a directory - fails and names the address") {
    val (store, directory) = freshDirectory()
    put(store, directory.resolve("d/x"), "1")
    val error = intercept[java.io.IOException](store.create(directory.resolve("d")))
    assert(error.getMessage.contains("it is a directory"))
  }
}

class HadoopObjectStoreSuite extends AnyFunSuite with ObjectStoreBehaviors {
  override protected def freshDirectory(): (ObjectStore, StorageUri) =
    (new HadoopObjectStore(new Configuration),
      StorageUri.of(Files.createTempDirectory("hadoop-store-")))

  objectStore()

  test("path - s3 and s3a - are served by S3A; obs and hdfs by themselves") {
    def path(text: String) = HadoopObjectStore.path(StorageUri.parse(text)).toString
    assert(path("s3://b/a b%.jpg") == "s3a://b/a b%.jpg")
    assert(path("obs://b/k") == "obs://b/k")
    assert(path("s3a://b") == "s3a://b/")
    assert(path("hdfs://h:8020/p") == "hdfs://h:8020/p")
    intercept[DatasetException](path("https://h/x"))
  }
}

class ObjectStoresSuite extends AnyFunSuite {
  test("of - each scheme - picks its store; inline content has none") {
    def store(text: String) = ObjectStores.of(StorageUri.parse(text)).getClass.getSimpleName
    assert(store("/p") == "LocalObjectStore")
    assert(store("https://h/x") == "HttpsObjectStore")
    assert(Seq("s3://b", "s3a://b", "obs://b", "hdfs://h/").map(store).distinct
      == Seq("HadoopObjectStore"))
    val error = intercept[DatasetException](store("content://text"))
    assert(error.getMessage.contains("is the content itself"))
  }
}

/** Against a real HTTPS server on this machine, with a certificate made for the suite. */
class HttpsObjectStoreSuite extends AnyFunSuite with BeforeAndAfterAll {
  private var server: HttpsServer = _
  private var store: ObjectStore = _
  private val content = "0123456789".getBytes(UTF_8)
  private val busy = new AtomicInteger

  override protected def beforeAll(): Unit = {
    super.beforeAll()
    val ssl = TestCertificate.fresh().sslContext
    server = HttpsServer.create(new InetSocketAddress("127.0.0.1", 0), 0)
    server.setHttpsConfigurator(new HttpsConfigurator(ssl))
    server.createContext("/", answer(_))
    server.start()
    val client = HttpClient.newBuilder.sslContext(ssl)
      .followRedirects(HttpClient.Redirect.NORMAL).build
    store = new HttpsObjectStore(client, java.time.Duration.ofMillis(1))
  }

  override protected def afterAll(): Unit =
    try server.stop(0) finally super.afterAll()

  private def uri(path: String): StorageUri =
    StorageUri.parse(s"https://127.0.0.1:${server.getAddress.getPort}$path")

  test("open - an object - reads it, with the query as it is") {
    val text = Using.resource(store.open(uri("/x.jpg?sig=a%2Fb")))(_.readAllBytes)
    assert(text.sameElements(content))
  }

  test("find - by a range of one byte - tells the whole size and the time") {
    val found = store.find(uri("/x.jpg?sig=a%2Fb")).get
    assert(found.sizeBytes == 10)
    assert(found.etag.get == "v1")
    assert(found.modifiedAt.toString == "2026-11-22T01:02:03Z")
    assert(store.find(uri("/missing")).isEmpty)
  }

  test("open - missing or expired - says so without the signature") {
    val missing = intercept[java.io.FileNotFoundException](store.open(uri("/missing?sig=secret")))
    val expired = intercept[java.io.IOException](store.open(uri("/expired?sig=secret")))
    assert(expired.getMessage.contains("may have expired"))
    assert(!(missing.getMessage + expired.getMessage).contains("secret"))
  }

  test("ING-1 find and open - sent on to another https address - follow; to http - refuse") {
    assert(store.find(uri("/moved?sig=secret")).get.sizeBytes == 10)
    assert(Using.resource(store.open(uri("/moved?sig=secret")))(_.readAllBytes).sameElements(content))
    val error = intercept[IOException](store.open(uri("/unsafe?sig=secret")))
    assert(error.getMessage.endsWith(
      "/unsafe: the server sends it on to an address that is not https (HTTP 302)"))
  }

  test("ING-1 find - the server tells no size - counts the bytes") {
    assert(store.find(uri("/chunked")).get.sizeBytes == 10)
    assert(store.find(uri("/unknown-total")).get.sizeBytes == 10)
  }

  test("ING-1 open - a server that is busy - is asked again; one that stays so fails") {
    assert(Using.resource(store.open(uri("/busy-twice")))(_.readAllBytes).sameElements(content))
    val error = intercept[IOException](store.find(uri("/busy?sig=secret")))
    assert(error.getMessage.endsWith("/busy: the server answered HTTP 503"))
  }

  test("ING-1 open - nothing listens - is one sentence without the signature") {
    val free = Using.resource(new java.net.ServerSocket(0))(_.getLocalPort)
    val error = intercept[IOException](
      store.open(StorageUri.parse(s"https://127.0.0.1:$free/x?sig=secret")))
    assert(error.getMessage.startsWith(s"Cannot read https://127.0.0.1:$free/x: nothing answers there"))
    assert(!error.getMessage.contains("secret"))
  }

  test("create, delete, list, rename - are refused in one sentence") {
    val actions = Seq[() => Any](
      () => store.create(uri("/x")), () => store.delete(uri("/x")),
      () => store.list(uri("/")), () => store.listDirectories(uri("/")),
      () => store.listFiles(uri("/")),
      () => store.rename(uri("/x"), uri("/y")))
    actions.foreach { action =>
      assert(intercept[DatasetException](action()).getMessage.contains("reading one object"))
    }
    assert(!store.isDirectory(uri("/")))
  }

  private def answer(exchange: HttpExchange): Unit = {
    val path = exchange.getRequestURI.toString
    val headers = exchange.getResponseHeaders
    headers.add("ETag", "\"v1\"")
    headers.add("Last-Modified", "Sun, 22 Nov 2026 01:02:03 GMT")
    val (status, body) = path match {
      case "/x.jpg?sig=a%2Fb" if exchange.getRequestHeaders.containsKey("Range") =>
        headers.add("Content-Range", "bytes 0-0/10")
        (206, content.take(1))
      case "/x.jpg?sig=a%2Fb" => (200, content)
      case p if p.startsWith("/moved") =>
        headers.add("Location", "/x.jpg?sig=a%2Fb")
        (307, Array.empty[Byte])
      case p if p.startsWith("/unsafe") =>
        headers.add("Location", "http://127.0.0.1/x")
        (302, Array.empty[Byte])
      case "/unknown-total" if exchange.getRequestHeaders.containsKey("Range") =>
        headers.add("Content-Range", "bytes 0-0/*")
        (206, content.take(1))
      case "/chunked" | "/unknown-total" => (200, content)
      case "/busy-twice" if busy.incrementAndGet() > 2 => (200, content)
      case p if p.startsWith("/busy") => (503, Array.empty[Byte])
      case p if p.startsWith("/expired") => (403, "no".getBytes(UTF_8))
      case _ => (404, "no".getBytes(UTF_8))
    }
    // A length of 0 means chunks of which nobody knows how many follow.
    exchange.sendResponseHeaders(status, if (path == "/chunked") 0 else if (body.isEmpty) -1 else body.length)
    exchange.getResponseBody.write(body)
    exchange.close()
  }
}
