package io.millrace.dataset.storage

import java.nio.file.{Files, Path}
import java.util.UUID

import scala.collection.mutable
import scala.jdk.CollectionConverters._

import org.apache.hadoop.conf.Configuration

import io.millrace.dataset.WhileNeeded

/**
 * A real S3 server over HTTP and HTTPS on this machine, one a test JVM, that checks signatures. Its
 * buckets are directories and its objects are files of [[data]].
 */
object S3Server {
  val AccessKey = "suite-access-key"
  val SecretKey = "suite-secret-key"

  lazy val certificate: TestCertificate = TestCertificate.fresh()

  private lazy val server: ServerProcess = start(Seq(
    "s3proxy.secure-endpoint" -> "https://127.0.0.1:0",
    "s3proxy.keystore-path" -> certificate.file.toString,
    "s3proxy.keystore-password" -> certificate.password,
    "s3proxy.authorization" -> "aws-v4",
    "s3proxy.identity" -> AccessKey,
    "s3proxy.credential" -> SecretKey))

  /** The same objects, served to whoever asks, so that a proxy may change requests. */
  lazy val unsignedEndpoint: String = {
    val unsigned = start(Seq("s3proxy.authorization" -> "none"))
    s"http://127.0.0.1:${port(unsigned, "\\(http/1\\.1\\)\\)?")}"
  }

  private def start(more: Seq[(String, String)]): ServerProcess = {
    val configuration = Files.createTempDirectory("s3-server-")
    val properties = more ++ Seq(
      "s3proxy.endpoint" -> "http://127.0.0.1:0",
      "jclouds.provider" -> "filesystem-nio2",
      "jclouds.filesystem.basedir" -> data.toString)
    val file = Files.writeString(configuration.resolve("s3proxy.conf"),
      properties.map { case (key, value) => s"$key=$value" }.mkString("\n"))
    // Its logging library writes everything unless told otherwise.
    Files.writeString(configuration.resolve("logback.xml"),
      """<configuration>
        |  <appender name="out" class="ch.qos.logback.core.ConsoleAppender">
        |    <encoder><pattern>%level %msg%n</pattern></encoder>
        |  </appender>
        |  <root level="INFO"><appender-ref ref="out"/></root>
        |</configuration>""".stripMargin)
    new ServerProcess(configuration.toString +: ServerProcess.jars("s3proxy"),
      "org.gaul.s3proxy.Main", Seq("--properties", file.toString))
  }

  /** Where the objects lie as files. */
  lazy val data: Path = Files.createTempDirectory("s3-data-")

  lazy val endpoint: String = s"http://127.0.0.1:${port(server, "\\(http/1\\.1\\)\\)?")}"

  lazy val secureEndpoint: String = s"https://127.0.0.1:${port(server, "\\(ssl, http/1\\.1\\)")}"

  /** What a client of this server has to be told, its keys included. */
  lazy val settings: StorageSettings = settingsWithoutKeys.and(keys("fs.s3a."))

  lazy val settingsWithoutKeys: StorageSettings = defaults.and(address("fs.s3a."))

  /** The same for `obs://`. */
  lazy val obsSettings: StorageSettings = defaults.and(address("fs.obs.")).and(keys("fs.obs."))

  /** Does something while this whole process knows the server, for `s3://` and `obs://` alike. */
  def inProcess[T](work: => T): T = known(work)

  private lazy val known = {
    val properties = clientProperties.map { case (name, value) => (StorageSettings.SYSTEM_PREFIX + name) -> value }
    new WhileNeeded(
      () => properties.foreach { case (name, value) => System.setProperty(name, value) },
      () => properties.keys.foreach(System.clearProperty))
  }

  /** Does something while a Spark session and this process know the server. */
  def inSession[T](hadoop: Configuration)(work: => T): T = inProcess {
    val known = sessions.synchronized(sessions.getOrElseUpdate(hadoop, new WhileNeeded(
      () => clientProperties.foreach { case (name, value) => hadoop.set(name, value) },
      () => clientProperties.keys.foreach(hadoop.unset))))
    known(work)
  }

  private val sessions = mutable.Map.empty[Configuration, WhileNeeded]

  private lazy val clientProperties: Map[String, String] =
    (settings.properties.asScala ++ obsSettings.properties.asScala).toMap

  /** A bucket that is used by nobody else. */
  def freshBucket(): String = {
    val name = s"bucket-${UUID.randomUUID}"
    Files.createDirectory(data.resolve(name))
    name
  }

  private def port(server: ServerProcess, protocol: String): Int = {
    val line = s"Started [^\\n]*ServerConnector[^\\n]*$protocol[^\\n]*\\{127\\.0\\.0\\.1:(\\d+)\\}".r
    server.await("port")(line.findFirstMatchIn(server.output).map(_.group(1).toInt))
  }

  private def defaults: StorageSettings = StorageSettings.of(_ => null, java.util.Map.of())

  private def address(prefix: String): java.util.Map[String, String] =
    java.util.Map.of(prefix + "endpoint", endpoint, prefix + "endpoint.region", "us-east-1",
      prefix + "path.style.access", "true")

  private def keys(prefix: String): java.util.Map[String, String] =
    java.util.Map.of(prefix + "access.key", AccessKey, prefix + "secret.key", SecretKey)
}
