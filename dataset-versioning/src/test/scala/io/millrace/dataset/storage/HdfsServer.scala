package io.millrace.dataset.storage

import java.nio.file.Files
import java.util.UUID

import io.millrace.dataset.StorageUri

/** HDFS of one name node and one data node on this machine, one a test JVM. */
object HdfsServer {

  /** The root of the file system, `hdfs://127.0.0.1:PORT/`. */
  lazy val root: StorageUri = {
    val details = Files.createTempDirectory("hdfs-").resolve("details.json")
    val server = new ServerProcess(
      ServerProcess.jars("minicluster") ++ sys.props("java.class.path").split(java.io.File.pathSeparator),
      "org.apache.hadoop.test.MiniDFSClusterManager",
      Seq("-format", "-datanodes", "1", "-nnport", "0", "-writeDetails", details.toString))
    val port = """"namenode_port":(\d+)}""".r
    val found = server.await("details") {
      if (Files.exists(details)) port.findFirstMatchIn(Files.readString(details)) else None
    }
    StorageUri.parse(s"hdfs://127.0.0.1:${found.group(1)}/")
  }

  /** A directory that is used by nobody else. */
  def freshDirectory(): StorageUri = root.resolve(s"suite-${UUID.randomUUID}")
}
