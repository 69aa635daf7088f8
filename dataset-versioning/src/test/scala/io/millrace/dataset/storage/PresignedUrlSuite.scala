package io.millrace.dataset.storage

import java.io.{FileNotFoundException, IOException}
import java.net.URI
import java.net.http.HttpClient
import java.nio.charset.StandardCharsets.UTF_8
import java.time.Duration

import scala.util.Using

import org.scalatest.concurrent.Eventually
import org.scalatest.funsuite.AnyFunSuite
import org.scalatest.time.{Millis, Seconds, Span}
import software.amazon.awssdk.auth.credentials.{AwsBasicCredentials, StaticCredentialsProvider}
import software.amazon.awssdk.regions.Region
import software.amazon.awssdk.services.s3.S3Configuration
import software.amazon.awssdk.services.s3.model.GetObjectRequest
import software.amazon.awssdk.services.s3.presigner.S3Presigner
import software.amazon.awssdk.services.s3.presigner.model.GetObjectPresignRequest

import io.millrace.dataset.StorageUri

/** Addresses signed by Amazon's own SDK, at a server that checks the signatures. */
class PresignedUrlSuite extends AnyFunSuite with Eventually {
  private val bucket = S3Server.freshBucket()
  private val store =
    new HttpsObjectStore(HttpClient.newBuilder.sslContext(S3Server.certificate.sslContext).build)

  test("ING-1 pre-signed address - signed for GET alone - is found with size and etag, and read") {
    val key = "图片/猫 1+2%#.jpg"
    val plain = put(key, "0123456789")
    val signed = sign(key)
    val found = store.find(signed).get
    assert(found.sizeBytes == 10)
    assert(found.etag == plain.etag)
    assert(found.modifiedAt == plain.modifiedAt)
    assert(new String(Using.resource(store.open(signed))(_.readAllBytes), UTF_8) == "0123456789")
  }

  test("ING-1 pre-signed address - of an empty object - is found with size 0") {
    put("empty", "")
    assert(store.find(sign("empty")).get.sizeBytes == 0)
    assert(Using.resource(store.open(sign("empty")))(_.readAllBytes).isEmpty)
  }

  test("ING-1 pre-signed address - of no object - is absent") {
    assert(store.find(sign("missing")).isEmpty)
    val error = intercept[FileNotFoundException](store.open(sign("missing")))
    assert(error.getMessage.contains("there is no such object"))
  }

  test("ING-1 pre-signed address - expired, or changed - is refused without showing the signature") {
    put("x", "content")
    val brief = sign("x", Duration.ofSeconds(1))
    val changed = StorageUri.parse(sign("x").value.replace("X-Amz-Signature=", "X-Amz-Signature=0"))
    val refused = eventually(timeout(Span(20, Seconds)), interval(Span(200, Millis))) {
      intercept[IOException](store.open(brief))
    }
    Seq(refused, intercept[IOException](store.find(brief)), intercept[IOException](store.open(changed)))
      .foreach { error =>
        assert(error.getMessage.contains("the server refused it (HTTP 403). The address may have expired."))
        assert(!error.getMessage.contains("Signature"))
      }
  }

  private def put(key: String, text: String): StoredObject = {
    val uri = StorageUri.parse(s"s3://$bucket/$key")
    val s3 = ObjectStores.of(uri, S3Server.settings)
    s3.write(uri, _.write(text.getBytes(UTF_8)))
    s3.find(uri).get
  }

  private def sign(key: String, validity: Duration = Duration.ofMinutes(5)): StorageUri =
    Using.resource(
      S3Presigner.builder
        .endpointOverride(URI.create(S3Server.secureEndpoint))
        .region(Region.US_EAST_1)
        .serviceConfiguration(S3Configuration.builder.pathStyleAccessEnabled(true).build)
        .credentialsProvider(StaticCredentialsProvider.create(
          AwsBasicCredentials.create(S3Server.AccessKey, S3Server.SecretKey)))
        .build) { signer =>
      val request = GetObjectRequest.builder.bucket(bucket).key(key).build
      StorageUri.parse(signer.presignGetObject(GetObjectPresignRequest.builder
        .signatureDuration(validity).getObjectRequest(request).build).url.toString)
    }
}
