package dev.tokenservice.api;

import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.SerializationConfig;
import com.fasterxml.jackson.databind.introspect.BeanPropertyDefinition;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tokenservice.oauth.ErrorResponse;
import dev.tokenservice.oauth.ExternalCredential;
import dev.tokenservice.oauth.Paths;
import dev.tokenservice.oauth.ProviderMetadata;
import dev.tokenservice.oauth.TokenRequest;
import dev.tokenservice.oauth.TokenResponse;
import dev.tokenservice.testing.MarkdownPage;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The OpenAPI document of the application port, made from the types of its answers and from the tables of {@code docs/api.md}:
 * endpoints, parameters, errors.
 */
final class OpenApiDocument {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final SerializationConfig TYPES = new JsonMapper().getSerializationConfig();
    private static final String JSON = "application/json";

    private static final Map<String, Class<?>> SCHEMAS = new TreeMap<>(Map.of(
            "Token", TokenResponse.class,
            "ExternalCredential", ExternalCredential.Success.class,
            "Error", ErrorResponse.class,
            "ExternalCredentialError", ExternalCredential.Failure.class,
            "Metadata", ProviderMetadata.class));

    private final MarkdownPage page;

    private OpenApiDocument(MarkdownPage page) {
        this.page = page;
    }

    /** The document of a version, with what the page says. */
    static ObjectNode of(MarkdownPage page, String version) {
        ObjectNode document = NODES.objectNode().put("openapi", "3.1.0");
        document.putObject("info")
                .put("title", "Token Service")
                .put("version", version)
                .put("description", "The port for clients and relying parties. docs/api.md explains it.")
                .putObject("license")
                .put("name", "Apache-2.0")
                .put("identifier", "Apache-2.0");
        document.set("paths", new OpenApiDocument(page).paths());
        ObjectNode components = document.putObject("components");
        components
                .putObject("securitySchemes")
                .putObject("clientCertificate")
                .put("type", "mutualTLS")
                .put("description", "The client certificate of RFC 8705, verified by the proxy or by the service");
        ObjectNode schemas = components.putObject("schemas");
        SCHEMAS.forEach((name, type) -> schemas.set(name, schema(TYPES.constructType(type))));
        schemas.set("Keys", object(Map.of("keys", array(type("object")))));
        return document;
    }

    private ObjectNode paths() {
        ObjectNode paths = NODES.objectNode();
        for (List<String> row : page.section("Endpoints").rows()) {
            String[] request = row.get(0).replaceFirst("^`([^`?]*).*", "$1").split(" ", 2);
            ObjectNode operation = paths.putObject(request[1])
                    .putObject(request[0].toLowerCase(Locale.ROOT))
                    .put("summary", text(row.get(1)));
            operation.setAll(operation(request[1]));
        }
        return paths;
    }

    private ObjectNode operation(String path) {
        return switch (path) {
            case Paths.TOKEN -> token();
            case Paths.ROOT -> answers("307", response("the location of the metadata"));
            case Paths.HEALTH_CHECK -> health();
            case Paths.JWKS -> answers("200", response("the keys", "Keys"));
            default -> answers("200", response("the metadata", "Metadata"));
        };
    }

    private ObjectNode token() {
        ObjectNode operation = NODES.objectNode();
        operation.putArray("security").addObject().putArray("clientCertificate");
        ObjectNode parameters = type("object");
        parameters.putArray("required").add("grant_type");
        for (List<String> row : page.section("Request").rows()) {
            String name = code(row.get(0));
            parameters.withObject("/properties").set(name, type("string").put("description", text(row.get(1))));
        }
        parameters.withObject("/properties/grant_type").put("const", TokenRequest.CLIENT_CREDENTIALS);
        parameters
                .withObject("/properties")
                .set("resource", type("string").put("description", "synonym of `audience`"));
        operation
                .putObject("requestBody")
                .put("required", true)
                .putObject("content")
                .putObject("application/x-www-form-urlencoded")
                .set("schema", parameters);
        ObjectNode responses = operation.putObject("responses");
        responses.set("200", response("the tokens", "Token", "ExternalCredential"));
        errors().forEach((status, causes) -> responses.set(status, refusal(status, causes)));
        return operation;
    }

    /** The causes by their error, by their status. */
    private Map<String, Map<String, String>> errors() {
        Map<String, Map<String, String>> errors = new TreeMap<>();
        for (List<String> row : page.section("Errors").rows()) {
            for (String status : row.get(0).split(", ", -1)) {
                errors.computeIfAbsent(status, any -> new LinkedHashMap<>()).put(code(row.get(1)), text(row.get(2)));
            }
        }
        return errors;
    }

    private static ObjectNode refusal(String status, Map<String, String> causes) {
        String text = causes.entrySet().stream()
                .map(cause -> "`" + cause.getKey() + "`: " + cause.getValue())
                .collect(Collectors.joining("\n\n"));
        ObjectNode response = NODES.objectNode().put("description", text);
        if (Set.of("429", "503").contains(status)) {
            response.putObject("headers")
                    .putObject("Retry-After")
                    .put("description", "seconds")
                    .set("schema", type("integer"));
        }
        content(response)
                .add(limited("Error", "error", causes.keySet()))
                .add(limited("ExternalCredentialError", "code", causes.keySet()));
        return response;
    }

    private static ObjectNode limited(String schema, String member, Set<String> values) {
        ObjectNode limited = reference(schema);
        ArrayNode codes = limited.putObject("properties").putObject(member).putArray("enum");
        values.forEach(codes::add);
        return limited;
    }

    private static ObjectNode health() {
        ObjectNode operation = answers("200", response("alive, or ready"));
        operation.withObject("/responses").set("503", response("not alive, or not ready"));
        ObjectNode parameter =
                operation.putArray("parameters").addObject().put("name", "type").put("in", "query");
        parameter
                .putObject("schema")
                .put("type", "string")
                .putArray("enum")
                .add("alive")
                .add("ready");
        return operation;
    }

    private static ObjectNode answers(String status, ObjectNode answer) {
        ObjectNode operation = NODES.objectNode();
        operation.putObject("responses").set(status, answer);
        operation.withObject("/responses").set("default", response("a refusal", "Error"));
        return operation;
    }

    /** An answer whose body has one of these schemas. */
    private static ObjectNode response(String description, String... schemas) {
        ObjectNode response = NODES.objectNode().put("description", description);
        if (schemas.length > 0) {
            ArrayNode alternatives = content(response);
            Stream.of(schemas).map(OpenApiDocument::reference).forEach(alternatives::add);
        }
        return response;
    }

    private static ArrayNode content(ObjectNode response) {
        return response.putObject("content").putObject(JSON).putObject("schema").putArray("oneOf");
    }

    private static ObjectNode reference(String schema) {
        return NODES.objectNode().put("$ref", "#/components/schemas/" + schema);
    }

    private static ObjectNode schema(JavaType type) {
        if (type.isCollectionLikeType()) {
            return array(schema(type.getContentType()));
        }
        if (type.isMapLikeType()) {
            return type("object");
        }
        Class<?> raw = type.getRawClass();
        if (raw == String.class) {
            return type("string");
        }
        if (raw == boolean.class) {
            return type("boolean");
        }
        return raw.isPrimitive() ? type("integer") : bean(type);
    }

    private static ObjectNode bean(JavaType type) {
        List<String> order = List.of(
                type.getRawClass().isAnnotationPresent(JsonPropertyOrder.class)
                        ? type.getRawClass()
                                .getAnnotation(JsonPropertyOrder.class)
                                .value()
                        : new String[0]);
        Map<String, ObjectNode> members = new LinkedHashMap<>();
        Set<String> optional = new LinkedHashSet<>();
        TYPES.introspect(type).findProperties().stream()
                .sorted(Comparator.comparing((BeanPropertyDefinition member) -> order.indexOf(member.getName()))
                        .thenComparing(BeanPropertyDefinition::getName))
                .forEach(member -> {
                    members.put(member.getName(), schema(member.getAccessor().getType()));
                    Include inclusion = member.findInclusion().getValueInclusion();
                    if (inclusion == Include.NON_NULL || inclusion == Include.NON_EMPTY) {
                        optional.add(member.getName());
                    }
                });
        ObjectNode schema = object(members);
        ArrayNode required = schema.putArray("required");
        members.keySet().stream().filter(name -> !optional.contains(name)).forEach(required::add);
        return schema;
    }

    private static ObjectNode object(Map<String, ObjectNode> members) {
        ObjectNode schema = type("object");
        schema.putObject("properties").setAll(members);
        return schema;
    }

    private static ObjectNode array(ObjectNode items) {
        ObjectNode schema = type("array");
        schema.set("items", items);
        return schema;
    }

    private static ObjectNode type(String name) {
        return NODES.objectNode().put("type", name);
    }

    /** Without links, which lead from one page to another. */
    private static String text(String cell) {
        return cell.replaceAll("\\[([^]]*)]\\([^)]*\\)", "$1");
    }

    private static String code(String cell) {
        return cell.replace("`", "");
    }
}
