package io.millrace.dataset.storage

import java.nio.charset.StandardCharsets.UTF_8
import java.nio.file.{Files, Path}
import java.security.KeyStore
import javax.net.ssl.{KeyManagerFactory, SSLContext, TrustManagerFactory}

import scala.jdk.CollectionConverters._

/** A key and the certificate of 127.0.0.1 that it signed itself, in a PKCS #12 file. */
final class TestCertificate(val file: Path, val password: String) {

  /** Serves with the key, and trusts the certificate alone. */
  lazy val sslContext: SSLContext = {
    val keys = KeyStore.getInstance(file.toFile, password.toCharArray)
    val keyManagers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm)
    keyManagers.init(keys, password.toCharArray)
    val trusted = KeyStore.getInstance("PKCS12")
    trusted.load(null, null)
    trusted.setCertificateEntry("x", keys.getCertificate("x"))
    val trustManagers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm)
    trustManagers.init(trusted)
    val ssl = SSLContext.getInstance("TLS")
    ssl.init(keyManagers.getKeyManagers, trustManagers.getTrustManagers, null)
    ssl
  }
}

object TestCertificate {
  def fresh(): TestCertificate = {
    val file = Files.createTempDirectory("certificate-").resolve("keys.p12")
    val password = "changeit"
    val keytool = Path.of(sys.props("java.home"), "bin", "keytool").toString
    val command = Seq(keytool, "-genkeypair", "-alias", "x", "-keyalg", "EC", "-dname", "CN=x",
      "-ext", "SAN=IP:127.0.0.1", "-storetype", "PKCS12", "-storepass", password,
      "-keystore", file.toString)
    val process = new ProcessBuilder(command.asJava).redirectErrorStream(true).start()
    val output = new String(process.getInputStream.readAllBytes, UTF_8)
    if (process.waitFor() != 0) throw new IllegalStateException(output)
    new TestCertificate(file, password)
  }
}
