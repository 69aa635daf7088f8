package io.millrace.dataset.storage

import java.net.URI
import java.util.Optional

import scala.jdk.CollectionConverters._

import org.scalatest.funsuite.AnyFunSuite
import org.scalatest.prop.TableDrivenPropertyChecks._

import io.millrace.dataset.DatasetException
import io.millrace.dataset.storage.StoreEndpoint.{Addressing, Service}

class StoreEndpointSuite extends AnyFunSuite {
  private def properties(
      service: Service, address: String, region: String = null, addressing: Addressing = null) =
    new StoreEndpoint(service, Optional.ofNullable(address).map(StoreEndpoint.parseAddress(_)),
      Optional.ofNullable(region), Optional.ofNullable(addressing)).properties.asScala.toMap

  test("ING-1 endpoint - an S3-compatible store - is addressed by path, in any region") {
    assert(properties(Service.S3, "http://minio:9000") == Map(
      "fs.s3a.endpoint" -> "http://minio:9000", "fs.s3a.endpoint.region" -> "us-east-1",
      "fs.s3a.path.style.access" -> "true"))
    assert(properties(Service.S3, "minio.example.com", "eu-1", Addressing.VIRTUAL_HOST) == Map(
      "fs.s3a.endpoint" -> "https://minio.example.com", "fs.s3a.endpoint.region" -> "eu-1",
      "fs.s3a.path.style.access" -> "false"))
  }

  test("ING-1 endpoint - Amazon's, or none - leaves region and style to S3A") {
    assert(properties(Service.S3, "https://s3.eu-west-1.amazonaws.com").keySet == Set("fs.s3a.endpoint"))
    assert(properties(Service.S3, null).isEmpty)
    assert(properties(Service.S3, null, "eu-west-1") == Map("fs.s3a.endpoint.region" -> "eu-west-1"))
  }

  test("ING-1 endpoint - Huawei's - tells its region, and is addressed by host") {
    assert(properties(Service.OBS, "https://obs.cn-north-4.myhuaweicloud.com") == Map(
      "fs.obs.endpoint" -> "https://obs.cn-north-4.myhuaweicloud.com",
      "fs.obs.endpoint.region" -> "cn-north-4", "fs.obs.path.style.access" -> "false"))
    assert(properties(Service.OBS, "http://127.0.0.1:9000")("fs.obs.path.style.access") == "true")
  }

  test("ING-1 endpoint - not one - is refused, a password in it not repeated") {
    val cases = Table("text", "ftp://h", "https://", "http://h/bucket", "http://h?x=1", "http://a b", "")
    forAll(cases) { text =>
      val error = intercept[DatasetException](StoreEndpoint.parseAddress(text))
      assert(error.getMessage.startsWith("Invalid endpoint: "))
    }
    val error = intercept[DatasetException](StoreEndpoint.parseAddress("https://KEY:hidden@h"))
    assert(error.getMessage.startsWith("Invalid endpoint: it holds a user or a password"))
    assert(!error.getMessage.contains("hidden") && !error.getMessage.contains("KEY"))
  }

  test("ING-1 process settings - environment, then explicit ones - go on top of the defaults") {
    val environment = Map("AWS_ENDPOINT_URL" -> "http://all:1", "AWS_ENDPOINT_URL_S3" -> "http://s3:1",
      "AWS_DEFAULT_REGION" -> "eu-2", "MILLRACE_OBS_ENDPOINT" -> "obs.cn-south-1.myhuaweicloud.com")
    val settings = StorageSettings.of(environment.get(_).orNull, java.util.Map.of(
      "fs.s3a.endpoint.region", "eu-3", "mapreduce.x", "y", "fs.s3a.retry.limit", "9")).properties
    assert(settings.get("fs.s3a.endpoint") == "http://s3:1")
    assert(settings.get("fs.s3a.endpoint.region") == "eu-3")
    assert(settings.get("fs.obs.endpoint") == "https://obs.cn-south-1.myhuaweicloud.com")
    assert(settings.get("fs.s3a.retry.limit") == "9")
    assert(settings.get("fs.s3a.aws.credentials.provider").endsWith(".DefaultCredentialsProvider"))
    assert(!settings.containsKey("mapreduce.x"))
  }

  test("ING-1 user's settings - a secret by its name or in an address - are refused, not repeated") {
    val secrets = Table(("name", "value"),
      ("fs.s3a.access.key", "hidden"), ("fs.s3a.secret.key", "hidden"),
      ("fs.s3a.session.token", "hidden"), ("fs.s3a.bucket.b.secret.key", "hidden"),
      ("fs.s3a.encryption.key", "hidden"), ("fs.s3a.server-side-encryption.key", "hidden"),
      ("fs.obs.access.key", "hidden"), ("fs.s3a.proxy.password", "hidden"),
      ("fs.azure.account.key.x", "hidden"), ("fs.s3a.endpoint", "http://u:hidden@h"))
    forAll(secrets) { (name, value) =>
      val error = intercept[DatasetException](StorageSettings.checkUserSetting(name, value))
      assert(error.getMessage.startsWith(s"Invalid storage setting: '$name' "))
      assert(!error.getMessage.contains("hidden"))
    }
    StorageSettings.checkUserSetting("fs.s3a.connection.maximum", "10")
    StorageSettings.checkUserSetting("hadoop.security.credential.provider.path", "jceks://file/x")
    val other = intercept[DatasetException](StorageSettings.checkUserSetting("spark.x", "y"))
    assert(other.getMessage.contains("expected a setting of Hadoop's file systems"))
  }

  test("ING-1 obs settings - take the place of S3A's, those of an S3 bucket of the name included") {
    val original = new org.apache.hadoop.conf.Configuration(false)
    Seq("fs.obs.endpoint" -> "http://obs:1", "fs.s3a.endpoint" -> "http://s3:1",
      "fs.s3a.bucket.b.endpoint" -> "http://other:1", "fs.s3a.bucket.c.endpoint" -> "http://c:1",
      "fs.s3a.access.key" -> "s3", "fs.s3a.session.token" -> "s3").foreach { case (k, v) => original.set(k, v) }
    val environment = Map("OBS_ACCESS_KEY_ID" -> "obs", "OBS_SECRET_ACCESS_KEY" -> "made-up")
    val settings = ObsFileSystem.s3aSettings(URI.create("obs://b"), original, environment.get(_).orNull)
    assert(settings.get("fs.s3a.endpoint") == "http://obs:1")
    assert(settings.get("fs.s3a.bucket.b.endpoint") == null)
    assert(settings.get("fs.s3a.bucket.c.endpoint") == "http://c:1")
    assert(settings.get("fs.s3a.access.key") == "obs")
    assert(settings.get("fs.s3a.session.token") == null, "a token of S3 does not fit a key of OBS")
    assert(original.get("fs.s3a.endpoint") == "http://s3:1")
  }
}
