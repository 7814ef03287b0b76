package dev.tokenservice.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tokenservice.oauth.Paths;
import dev.tokenservice.testing.MadeFile;
import dev.tokenservice.testing.MarkdownPage;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.io.IOException;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Holds {@code openapi.json} to the code and the page that it is made from. */
class OpenApiDocumentTest {

    private static final Pattern VERSION = Pattern.compile("<version>([^<]*)</version>");

    private final JsonNode document;

    OpenApiDocumentTest() throws IOException {
        Matcher version = VERSION.matcher(Files.readString(java.nio.file.Path.of("pom.xml")));
        assertThat(version.find()).isTrue();
        document = OpenApiDocument.of(MarkdownPage.read("docs/api.md"), version.group(1));
    }

    @Test
    void file_isThatOfTheCode() throws IOException {
        MadeFile.assertMade(getClass(), java.nio.file.Path.of("openapi.json"), document.toPrettyString() + "\n");
    }

    @Test
    void paths_areThoseOfTheResources() {
        Set<String> documented = new TreeSet<>();
        for (Map.Entry<String, JsonNode> path : document.path("paths").properties()) {
            path.getValue()
                    .fieldNames()
                    .forEachRemaining(method -> documented.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey()));
        }
        // The framework answers probes.
        Set<String> served = new TreeSet<>(Set.of("GET " + Paths.HEALTH_CHECK));
        for (Class<?> resource : List.of(TokenResource.class, DiscoveryResource.class, JwksResource.class)) {
            for (Method method : resource.getDeclaredMethods()) {
                if (method.isAnnotationPresent(GET.class)) {
                    served.add("GET " + path(method, resource));
                } else if (method.isAnnotationPresent(POST.class)) {
                    served.add("POST " + path(method, resource));
                }
            }
        }

        assertThat(documented).isEqualTo(served);
    }

    private static String path(AnnotatedElement method, AnnotatedElement resource) {
        return Optional.ofNullable(method.getAnnotation(Path.class))
                .orElseGet(() -> resource.getAnnotation(Path.class))
                .value();
    }
}
