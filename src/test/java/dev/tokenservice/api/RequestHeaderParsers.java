package dev.tokenservice.api;

import jakarta.servlet.http.HttpServletRequest;
import java.lang.reflect.Proxy;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The parsers of this package, each with headers as clients write them. */
public final class RequestHeaderParsers {

    private RequestHeaderParsers() {}

    public static Optional<String> requestId(String value) {
        return RequestId.parse(value);
    }

    public static void accept(String value) {
        ContentNegotiation.checkAccept(request(Map.of("Accept", List.of(value))));
    }

    public static void contentType(String value) {
        ContentNegotiation.checkForm(request(Map.of("Content-Type", List.of(value))));
    }

    private static HttpServletRequest request(Map<String, List<String>> headers) {
        return (HttpServletRequest) Proxy.newProxyInstance(
                HttpServletRequest.class.getClassLoader(),
                new Class<?>[] {HttpServletRequest.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("getHeaders")) {
                        return Collections.enumeration(headers.getOrDefault((String) arguments[0], List.of()));
                    }
                    throw new UnsupportedOperationException(method.toString());
                });
    }
}
