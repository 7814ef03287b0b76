package dev.tokenservice.server;

import com.google.common.base.Throwables;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.eclipse.jetty.http.HttpException;

/**
 * Reads the parameters of a request for the admin port where a fault in them is the client's, and not yet a servlet's 500,
 * and has every refusal described.
 */
final class AdminGate implements Filter {

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        int status = status(request);
        if (status == HttpServletResponse.SC_OK) {
            chain.doFilter(request, response);
            describe((HttpServletResponse) response);
        } else {
            ((HttpServletResponse) response).sendError(status);
        }
    }

    /** Dropwizard refuses an unknown task, and a method other than POST, without a message. */
    private static void describe(HttpServletResponse response) throws IOException {
        int status = response.getStatus();
        boolean silent =
                status == HttpServletResponse.SC_NOT_FOUND || status == HttpServletResponse.SC_METHOD_NOT_ALLOWED;
        if (silent && !response.isCommitted()) {
            if (status == HttpServletResponse.SC_METHOD_NOT_ALLOWED) {
                response.setHeader("Allow", "POST"); // RFC 9110 section 15.5.6.
            }
            response.sendError(status);
        }
    }

    private static int status(ServletRequest request) {
        try {
            request.getParameterMap();
            return HttpServletResponse.SC_OK;
        } catch (RuntimeException e) {
            // The innermost tells a form that is too large from one that is malformed.
            return Throwables.getCausalChain(e).stream()
                    .filter(HttpException.class::isInstance)
                    .reduce((outer, inner) -> inner)
                    .map(failure -> ((HttpException) failure).getCode())
                    .orElseThrow(() -> e);
        }
    }
}
