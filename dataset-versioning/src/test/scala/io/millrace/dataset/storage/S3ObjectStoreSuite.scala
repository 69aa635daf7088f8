package io.millrace.dataset.storage

import java.io.IOException
import java.nio.charset.StandardCharsets.UTF_8
import java.nio.file.Files

import scala.jdk.CollectionConverters._
import scala.util.Using

import org.scalatest.funsuite.AnyFunSuite
import org.scalatest.prop.TableDrivenPropertyChecks._

import io.millrace.dataset.StorageUri

/** S3A against a real S3 server over HTTP. */
class S3ObjectStoreSuite extends AnyFunSuite with ObjectStoreBehaviors {
  override protected def freshDirectory(): (ObjectStore, StorageUri) = {
    val directory = StorageUri.parse(s"s3://${S3Server.freshBucket()}/some/directory")
    (ObjectStores.of(directory, S3Server.settings), directory)
  }

  /** The server keeps objects as files and fails at what no file system can hold. */
  override protected def answersBelowObjects: Boolean = false

  objectStore()

  test("ING-1 keys - names of every kind - are listed, found and read as they are") {
    val (store, directory) = freshDirectory()
    val expected = Set("a b", " lead", "tail ", "100%", "%41", "a+b", "x#y", "q?r=s&t", "it's", "a\"b",
      "back\\slash", "co:lon", "[x]{y}", "~!@$^*()=;,", "图片/猫 1.jpg", "😀/🎉.png", "e\u0301", "\u00e9",
      "Case.jpg", "case.jpg", "CASE.JPG", ".hidden", "_SUCCESS", "a.b.c..d", "_$folder$x")
    expected.foreach(name => put(store, directory.resolve(name), name))
    assert(names(store, directory) == expected)
    Using.resource(store.list(directory))(_.iterator.asScala.toSeq).foreach { stored =>
      assert(store.find(stored.uri) == java.util.Optional.of(stored))
      assert(directory.path + "/" + read(store, stored.uri) == stored.uri.path)
    }
  }

  test("ING-1 keys - 900 bytes, and text in decomposed form - are kept") {
    val (store, directory) = freshDirectory()
    val long = Seq.fill(6)("长" * 40).mkString("/") + "/" + "x" * 100 + ".jpg"
    val uri = directory.resolve(long)
    put(store, uri, "content")
    assert(uri.path.getBytes(UTF_8).length > 840)
    assert(names(store, directory) == Set(long))
    assert(read(store, uri) == "content")
  }

  test("ING-1 keys - an empty part, a dot part - are refused, not taken for another object") {
    val (store, directory) = freshDirectory()
    put(store, directory.resolve("a/b"), "other")
    Seq("a//b", "a/./b", "x/../a/b").foreach { key =>
      val uri = StorageUri.parse(s"$directory/$key")
      val error = intercept[IOException](store.find(uri))
      assert(error.getMessage.contains(uri.toString) && error.getMessage.contains("cannot address"))
      intercept[IOException](store.open(uri))
    }
  }

  test("ING-1 etag - of the same content, of another - tells them apart; list and find agree") {
    val (store, directory) = freshDirectory()
    val uri = directory.resolve("x")
    put(store, uri, "one")
    val first = store.find(uri).get
    put(store, uri, "two")
    val second = store.find(uri).get
    assert(first.etag.get.matches("[0-9a-f]{32}"))
    assert(first.etag != second.etag)
    assert(Using.resource(store.listFiles(directory))(_.iterator.asScala.toSeq) == Seq(second))
  }

  test("ING-1 s3, s3a and obs - one bucket - show the same objects; obs has its own endpoint") {
    val bucket = S3Server.freshBucket()
    val s3 = StorageUri.parse(s"s3://$bucket/d/a b%.txt")
    put(ObjectStores.of(s3, S3Server.settings), s3, "text")
    val s3a = StorageUri.parse(s"s3a://$bucket/d/a b%.txt")
    val obs = StorageUri.parse(s"obs://$bucket/d/a b%.txt")
    assert(read(ObjectStores.of(s3a, S3Server.settings), s3a) == "text")
    val store = ObjectStores.of(obs, S3Server.obsSettings)
    assert(read(store, obs) == "text")
    val directory = StorageUri.parse(s"obs://$bucket/d")
    assert(names(store, directory) == Set("a b%.txt"))
    assert(Using.resource(store.list(directory))(_.iterator.asScala.map(_.uri).toSeq) == Seq(obs))
    put(store, directory.resolve("new"), "1")
    assert(names(ObjectStores.of(s3, S3Server.settings), StorageUri.parse(s"s3://$bucket"))
      == Set("d/a b%.txt", "d/new"))
  }

  test("ING-1 obs - without an endpoint - is refused in one sentence") {
    val obs = StorageUri.parse("obs://bucket/x")
    val error = intercept[IOException](ObjectStores.of(obs, S3Server.settings).find(obs))
    assert(error.getMessage.contains("the endpoint of OBS is not set. Give it with --obs-endpoint"))
  }

  test("ING-1 large object - uploaded in parts - is whole; one that is discarded is not there") {
    val (_, directory) = freshDirectory()
    val parts = java.util.Map.of("fs.s3a.multipart.size", "5M", "fs.s3a.multipart.threshold", "5M")
    val store = ObjectStores.of(directory, S3Server.settings.and(parts))
    val bytes = new Array[Byte](12 * 1024 * 1024)
    new java.util.Random(7).nextBytes(bytes)
    store.write(directory.resolve("large"), _.write(bytes))
    assert(Using.resource(store.open(directory.resolve("large")))(_.readAllBytes).sameElements(bytes))
    val pending = store.create(directory.resolve("half"))
    pending.write(bytes)
    pending.discard()
    assert(names(store, directory) == Set("large"))
  }

  test("ING-1 credentials - none, wrong ones - are named in one sentence within seconds") {
    val uri = StorageUri.parse(s"s3://${S3Server.freshBucket()}/x")
    val wrong = S3Server.settings.and(java.util.Map.of("fs.s3a.secret.key", "not-the-secret"))
    val error = intercept[IOException](ObjectStores.of(uri, wrong).find(uri))
    assert(error.getMessage == s"Cannot look up $uri: access was refused. Check the credentials, and what they are permitted to do there")
    val none = S3Server.settingsWithoutKeys.and(java.util.Map.of("fs.s3a.aws.credentials.provider",
      "org.apache.hadoop.fs.s3a.TemporaryAWSCredentialsProvider"))
    val without = intercept[IOException](ObjectStores.of(uri, none).find(uri))
    assert(without.getMessage.startsWith(s"Cannot look up $uri: no credentials were found. Set AWS_ACCESS_KEY_ID"))
  }

  test("ING-1 credentials - the environment, a profile file - are found by a process of its own") {
    val uri = StorageUri.parse(s"s3://${S3Server.freshBucket()}/x")
    put(ObjectStores.of(uri, S3Server.settings), uri, "text")
    val profiles = Files.writeString(Files.createTempDirectory("profile-").resolve("credentials"),
      s"""[pets]
         |aws_access_key_id = ${S3Server.AccessKey}
         |aws_secret_access_key = ${S3Server.SecretKey}
         |""".stripMargin)
    val cases = Table("environment",
      Map("AWS_ACCESS_KEY_ID" -> S3Server.AccessKey, "AWS_SECRET_ACCESS_KEY" -> S3Server.SecretKey,
        "AWS_ENDPOINT_URL_S3" -> S3Server.endpoint, "AWS_REGION" -> "us-east-1"),
      Map("AWS_SHARED_CREDENTIALS_FILE" -> profiles.toString, "AWS_PROFILE" -> "pets",
        "AWS_ENDPOINT_URL" -> S3Server.endpoint))
    forAll(cases)(environment => assert(StorageReader.inProcess(uri, environment) == "text"))
  }

  test("ING-1 credentials - Hadoop's credential file - is read") {
    val directory = Files.createTempDirectory("jceks-")
    val provider = s"localjceks://file$directory/keys.jceks"
    val configuration = new org.apache.hadoop.conf.Configuration(false)
    configuration.set("hadoop.security.credential.provider.path", provider)
    val keys = org.apache.hadoop.security.alias.CredentialProviderFactory.getProviders(configuration).get(0)
    keys.createCredentialEntry("fs.s3a.access.key", S3Server.AccessKey.toCharArray)
    keys.createCredentialEntry("fs.s3a.secret.key", S3Server.SecretKey.toCharArray)
    keys.flush()
    val uri = StorageUri.parse(s"s3://${S3Server.freshBucket()}/x")
    val settings = S3Server.settingsWithoutKeys
      .and(java.util.Map.of("hadoop.security.credential.provider.path", provider))
    put(ObjectStores.of(uri, settings), uri, "text")
    assert(read(ObjectStores.of(uri, S3Server.settings), uri) == "text")
  }

  test("ING-1 endpoint and bucket - wrong in several ways - fail fast, in one sentence") {
    val free = Using.resource(new java.net.ServerSocket(0))(_.getLocalPort)
    val cases = Table(
      ("endpoint", "what it says"),
      (S3Server.endpoint, "there is no such bucket. Check its name, and the endpoint and region that are set"),
      (s"http://127.0.0.1:$free", "nothing answers there"),
      ("http://no-such-host.invalid", "its host is unknown. Check the endpoint"),
      (S3Server.endpoint.replace("http:", "https:"), "no secure connection could be made"))
    forAll(cases) { (endpoint, said) =>
      val settings = S3Server.settings.and(java.util.Map.of(
        "fs.s3a.endpoint", endpoint, "fs.s3a.retry.interval", "10ms"))
      val directory = StorageUri.parse("s3://no-such-bucket/d")
      val error = intercept[IOException](ObjectStores.of(directory, settings).list(directory))
      assert(error.getMessage.startsWith(s"Cannot look up $directory: $said"))
      assert(error.getMessage.linesIterator.size == 1)
      assert(error.getMessage.length < 300)
    }
  }
}
