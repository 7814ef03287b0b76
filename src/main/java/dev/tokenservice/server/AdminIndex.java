package dev.tokenservice.server;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** The first page of the admin port: a link to everything that is there. */
final class AdminIndex extends HttpServlet {

    private static final long serialVersionUID = 1L;

    private static final String PAGE = """
            <!DOCTYPE html>
            <html lang="en">
            <head><title>Token Service</title></head>
            <body>
            <h1>Token Service</h1>
            <ul>
            <li><a href="/healthcheck?pretty=true">/healthcheck</a>: each health check by name</li>
            <li><a href="/metrics?pretty=true">/metrics</a>: metrics in JSON</li>
            <li><a href="/prometheus">/prometheus</a>: metrics for Prometheus</li>
            <li><a href="/ping">/ping</a>: whether the process answers</li>
            <li><a href="/threads">/threads</a>: a thread dump</li>
            <li><a href="/tasks">/tasks</a>: the tasks by name</li>
            </ul>
            <p>A task starts with POST:</p>
            <ul>
            <li>/tasks/reload: reads certificates, keys and lists again, and says what came of each</li>
            <li>/tasks/log-level: sets a level, with logger=NAME and level=LEVEL</li>
            <li>/tasks/gc: collects garbage</li>
            </ul>
            </body>
            </html>
            """;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setContentType("text/html;charset=utf-8");
        response.setHeader("Cache-Control", "no-store");
        response.getOutputStream().write(PAGE.getBytes(StandardCharsets.UTF_8));
    }
}
