package io.millrace.dataset.storage

import java.io.{BufferedInputStream, ByteArrayOutputStream, InputStream, OutputStream}
import java.net.{InetAddress, ServerSocket, Socket, URI}
import java.nio.charset.StandardCharsets.ISO_8859_1
import java.util.Locale
import java.util.concurrent.atomic.AtomicReference

import io.millrace.dataset.storage.MeddlingProxy._

/**
 * A real HTTP proxy in front of a server on this machine, which meddles with the requests that pass
 * through it. It passes bytes on as they are but for what the meddling says.
 *
 * @param target where the server listens, `http://127.0.0.1:PORT`
 */
final class MeddlingProxy(target: String) extends AutoCloseable {
  private val server = URI.create(target)
  private val listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress)
  private val meddling = new AtomicReference[Request => Meddling](_ => PassOn)

  val endpoint: String = s"http://127.0.0.1:${listening.getLocalPort}"

  started(while (!listening.isClosed) accept())

  /** What is done with requests from now on. */
  def meddle(decide: Request => Meddling): Unit = meddling.set(decide)

  override def close(): Unit = listening.close()

  private def accept(): Unit =
    try {
      val client = listening.accept()
      started(serve(client))
    } catch {
      case e: java.net.SocketException => assert(listening.isClosed, e)
    }

  private def serve(client: Socket): Unit = {
    val connection = new Socket(server.getHost, server.getPort)
    try {
      val in = new BufferedInputStream(client.getInputStream)
      val answers = new BufferedInputStream(connection.getInputStream)
      Iterator.continually(readHead(in)).takeWhile(_.nonEmpty).map(_.get).forall { request =>
        val awaited = request.header("expect").isDefined
        meddling.get()(request) match {
          case Answer(status, body) =>
            skip(in, request, client, awaited)
            client.getOutputStream.write(answer(status, body))
            true
          case Hang => false
          case change =>
            val sent = change match {
              case Without(header) => request.without(header)
              case _ => request
            }
            if (awaited) client.getOutputStream.write(continue)
            connection.getOutputStream.write(sent.without("expect").bytes)
            copy(in, connection.getOutputStream, request.bodyLength)
            connection.getOutputStream.flush()
            val response = readHead(answers).get
            if (change == DropAnswer) false
            else {
              client.getOutputStream.write(response.bytes)
              val length = if (request.isHead || response.hasNoBody) 0 else response.bodyLength
              if (response.isChunked) copyChunks(answers, client.getOutputStream)
              else copy(answers, client.getOutputStream, length)
              true
            }
        }
      }
    } catch {
      // The client has gone, as it may.
      case e: java.io.IOException => assert(e.getMessage != null)
    } finally {
      client.close()
      connection.close()
    }
  }

  private def skip(in: InputStream, request: Request, client: Socket, awaited: Boolean): Unit = {
    if (awaited) client.getOutputStream.write(continue)
    copy(in, OutputStream.nullOutputStream(), request.bodyLength)
  }
}

object MeddlingProxy {
  sealed trait Meddling
  case object PassOn extends Meddling

  /** Passes the request on without a header. */
  final case class Without(header: String) extends Meddling

  /** Answers in the place of the server, which hears nothing. */
  final case class Answer(status: String, body: String) extends Meddling

  /** Passes the request on, and ends the connection when the server answers. */
  case object DropAnswer extends Meddling

  /** Ends the connection; the server hears nothing. */
  case object Hang extends Meddling

  /** The first line and the headers of a request, or of an answer. */
  final case class Request(first: String, headers: Seq[String]) {
    def method: String = first.takeWhile(_ != ' ')
    def path: String = first.split(' ')(1)
    def isHead: Boolean = method == "HEAD"
    def hasNoBody: Boolean = Set("204", "304").contains(path)
    def isChunked: Boolean = header("transfer-encoding").contains("chunked")

    def header(name: String): Option[String] = headers.collectFirst {
      case line if isNamed(line, name) => line.drop(name.length + 1).trim
    }

    def bodyLength: Long = header("content-length").map(_.toLong).getOrElse(0)

    def without(name: String): Request = copy(headers = headers.filterNot(isNamed(_, name)))

    def bytes: Array[Byte] =
      ((first +: headers).mkString("", "\r\n", "\r\n\r\n")).getBytes(ISO_8859_1)

    private def isNamed(line: String, name: String) =
      line.toLowerCase(Locale.ROOT).startsWith(name.toLowerCase(Locale.ROOT) + ":")
  }

  private val continue = "HTTP/1.1 100 Continue\r\n\r\n".getBytes(ISO_8859_1)

  private def answer(status: String, body: String): Array[Byte] =
    (s"HTTP/1.1 $status\r\nContent-Type: application/xml\r\n" +
      s"Content-Length: ${body.length}\r\n\r\n$body").getBytes(ISO_8859_1)

  private def readHead(in: InputStream): Option[Request] = {
    val lines = Iterator.continually(readLine(in)).takeWhile(_.nonEmpty).toSeq
    lines.headOption.map(Request(_, lines.tail))
  }

  private def readLine(in: InputStream): String = {
    val line = new ByteArrayOutputStream()
    Iterator.continually(in.read()).takeWhile(byte => byte >= 0 && byte != '\n').foreach(line.write)
    line.toString(ISO_8859_1).stripSuffix("\r")
  }

  private def copy(in: InputStream, out: OutputStream, length: Long): Unit = {
    val buffer = new Array[Byte](1 << 14)
    var left = length
    while (left > 0) {
      val read = in.read(buffer, 0, math.min(left, buffer.length.toLong).toInt)
      if (read < 0) throw new java.io.EOFException("the sender stopped")
      out.write(buffer, 0, read)
      left -= read
    }
    out.flush()
  }

  private def copyChunks(in: InputStream, out: OutputStream): Unit = {
    var length = -1
    while (length != 0) {
      val line = readLine(in)
      length = Integer.parseInt(line.takeWhile(_ != ';').trim, 16)
      out.write(s"$line\r\n".getBytes(ISO_8859_1))
      copy(in, out, length + 2L)
    }
  }

  private def started(work: => Unit): Unit = {
    val thread = new Thread(() => work)
    thread.setDaemon(true)
    thread.start()
  }
}
