package dev.tokenservice.configuration;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.InjectableValues;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.Validator;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Binds a tree to a configuration's class, and to the objects that were found: what they declare is taken out of the tree and
 * read first, as the class gets them injected. Then all of it is validated.
 */
final class ConfigurationBinder<T> {

    private final ConfigurationModel<T> model;
    private final Validator validator;
    private final Problems problems;
    private final GroupReader reader;
    private final List<Violation> violations = new ArrayList<>();

    /** What validation says of the setting at a path. */
    private record Violation(String path, ConstraintViolation<?> cause) {}

    ConfigurationBinder(ConfigurationModel<T> model, ObjectMapper mapper, Validator validator, Problems problems) {
        this.model = model;
        this.validator = validator;
        this.problems = problems;
        this.reader = new GroupReader(mapper, problems);
    }

    /**
     * Binds a tree, and notes all problems.
     *
     * @throws JsonMappingException when the tree as a whole is at fault, which has been noted, too
     */
    T bind(ObjectNode root, Platform platform) throws JsonMappingException {
        EmptyValues empty = new EmptyValues(model, problems);
        empty.noteMissing(root, "");
        ObjectNode original = root.deepCopy();
        model.settings().forEach(setting -> foldChoice(setting, root));
        FoundObjects found = new FoundObjects(found(root));
        empty.removeGroups(root, "");
        // Each group is there, be it empty, so that each of the classes is read, and gets injected what it asks for.
        model.ownGroups().forEach(group -> root.withObject(Problems.pointer(group)));
        T configuration = reader.read(
                root,
                model.type(),
                "",
                new InjectableValues.Std().addValue(Platform.class, platform).addValue(FoundObjects.class, found));
        validate(configuration, "");
        noteViolations(original);
        return configuration;
    }

    /** Replaces one of few values by the same in the case that it is declared in. */
    private static void foldChoice(Setting setting, ObjectNode root) {
        JsonPointer place = JsonPointer.compile(Problems.pointer(setting.path()));
        String written = root.at(place).asText();
        if (root.at(place.head()) instanceof ObjectNode group && root.at(place).isTextual()) {
            setting.choices().stream()
                    .filter(written::equalsIgnoreCase)
                    .forEach(choice -> group.put(place.last().getMatchingProperty(), choice));
        }
    }

    private List<Object> found(ObjectNode root) throws JsonMappingException {
        List<Object> found = new ArrayList<>();
        for (Object object : model.found()) {
            String group = model.groupOf(object).orElse("");
            found.add(group.isEmpty() ? object : found(object.getClass(), group, root));
        }
        return found;
    }

    private <F> F found(Class<F> type, String group, ObjectNode root) throws JsonMappingException {
        ObjectNode own = root.objectNode();
        JsonNode all = root.at(Problems.pointer(group));
        for (Setting setting : model.declaredBy(type)) {
            String key = setting.field().getName();
            if (all instanceof ObjectNode settings && settings.has(key)) {
                own.set(key, settings.remove(key));
            }
        }
        F object = reader.read(own, type, group + ".", new InjectableValues.Std());
        validate(object, group + ".");
        return object;
    }

    private <F> void validate(F object, String prefix) {
        for (ConstraintViolation<F> violation : validator.validate(object)) {
            String path = violation.getPropertyPath().toString().replace(".<list element>", "");
            violations.add(new Violation(prefix + path, violation));
        }
    }

    private void noteViolations(ObjectNode original) {
        violations.removeIf(violation -> problems.isAt(violation.path()));
        violations.sort(Comparator.comparing(Violation::path)
                .thenComparing(violation -> violation.cause().getMessage()));
        for (Violation violation : violations) {
            JsonNode found = original.at(Problems.pointer(violation.path()));
            if (found.isMissingNode() && violation.cause().getInvalidValue() instanceof String text) {
                found = original.textNode(text);
            }
            problems.add(
                    violation.path(),
                    found.isObject() ? original.missingNode() : found,
                    violation.cause().getMessage() + suggestion(violation.path(), found.asText()));
        }
    }

    private String suggestion(String path, String found) {
        return model.at(path)
                .filter(setting -> setting.choices().stream().noneMatch(found::equalsIgnoreCase))
                .map(setting -> Suggestion.among(setting.choices(), found))
                .orElse("");
    }
}
