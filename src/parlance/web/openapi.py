"""The API's description, OpenAPI 3.1, made from the tables that serve and the structs that validate."""

import re
import types
from collections import Counter
from collections.abc import Iterable, Sequence
from http import HTTPStatus
from typing import Any, Union, get_args, get_origin

import msgspec

from parlance.kernel.faults import FaultCode
from parlance.web.field_words import structs_in, words_of
from parlance.web.routes import Dialect, Nothing, Route, Shown, Source

Schema = dict[str, Any]

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"
REF = "#/components/schemas/{name}"

_PATH_PART = re.compile(r"\{([^}:]+)[^}]*\}")
_REQUEST_ID = {"description": "Names this request in the server's log.", "schema": {"type": "string"}}
_RETRY_AFTER = {"description": "Seconds.", "schema": {"type": "string"}}


def describe(dialects: Sequence[Dialect], *, title: str, description: str, version: str) -> Schema:
    """Describe every call of every dialect."""
    schemas = _Schemas(dialects)
    paths: dict[str, Schema] = {}
    schemes: Schema = {}
    named: Counter[str] = Counter()
    for dialect in dialects:
        schemes.update({name: dict(scheme) for name, scheme in dialect.security_schemes.items()})
        for route in _described_routes(dialect):
            path = _PATH_PART.sub(r"{\1}", route.path)
            operation = _operation(dialect, route, schemas)
            name = operation["operationId"]
            named[name] += 1
            if named[name] > 1:
                # The same call at another address, or by another method.
                operation["operationId"] = f"{name}.{named[name]}"
            paths.setdefault(path, {})[route.method.lower()] = operation
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "version": version, "description": description},
        "servers": [{"url": "/"}],
        "tags": _tags(dialects),
        "x-apis": [{"name": one.name, "title": one.title, "description": one.description} for one in dialects],
        "paths": paths,
        "components": {"schemas": schemas.components, "securitySchemes": schemes},
    }


class _Schemas:
    """The schemas of all that is declared, each once; two structs of one name are told apart."""

    def __init__(self, dialects: Sequence[Dialect]) -> None:
        declared = list(dict.fromkeys(_declared(dialects)))
        structs = list(dict.fromkeys(struct for each in declared for struct in structs_in(each)))
        plain = [struct for struct in structs if not getattr(struct, "__parameters__", ())]
        everything = list(dict.fromkeys([*declared, *plain]))
        schemas, found = msgspec.json.schema_components(everything, ref_template=REF)
        self._schemas = dict(zip(everything, schemas, strict=True))
        self.components: dict[str, Schema] = {name: _without_nulls(found[name]) for name in sorted(found)}
        for struct in structs:
            self._say(struct)

    def of(self, declared: Any) -> Schema:
        """The schema of a type, or a reference to it; of a union of structs, any of them."""
        parts = _alternatives(declared)
        if len(parts) > 1:
            return {"anyOf": [self.of(part) for part in parts]}
        return dict(self._schemas[declared])

    def fields(self, struct: type) -> dict[str, Schema]:
        """A struct's fields."""
        fields: dict[str, Schema] = self._component(struct).get("properties", {})
        return fields

    def _component(self, struct: type) -> Schema:
        return self.components[self._schemas[struct]["$ref"].rpartition("/")[2]]

    def _say(self, struct: type) -> None:
        """Put what is written under the struct's fields into its schema, or into those of all its forms."""
        if struct in self._schemas:
            forms = [self._component(struct)]
        else:
            title = f"{struct.__name__}["
            forms = [form for form in self.components.values() if str(form.get("title", "")).startswith(title)]
        for name, said in words_of(struct).items():
            for form in forms:
                form["properties"][name]["description"] = said


def _described_routes(dialect: Dialect) -> list[Route[Any]]:
    return [route for route in dialect.routes if route.described_to_machines]


def _declared(dialects: Sequence[Dialect]) -> Iterable[Any]:
    for dialect in dialects:
        yield from _alternatives(dialect.refusal)
        if dialect.envelope is not None:
            yield dialect.envelope
        for route in _described_routes(dialect):
            yield from (
                struct for struct in route.described if struct is not Nothing and route.source is not Source.UPLOAD
            )
            yield from _alternatives(route.answers)


def _alternatives(declared: Any) -> tuple[Any, ...]:
    parts = get_args(declared) if get_origin(declared) in (Union, types.UnionType) else ()
    return parts or (declared,)


def _without_nulls(schema: Any) -> Any:
    """Leave out `default: null`, which only repeats that a field may be left out."""
    if isinstance(schema, dict):
        return {
            name: _without_nulls(inner) for name, inner in schema.items() if not (name == "default" and inner is None)
        }
    return [_without_nulls(inner) for inner in schema] if isinstance(schema, list) else schema


def _operation(dialect: Dialect, route: Route[Any], schemas: _Schemas) -> Schema:
    about = route.about
    described: Schema = {
        "operationId": f"{dialect.name}.{route.serve.__qualname__.lower()}",
        "tags": [about.tag],
        "summary": about.summary,
        "parameters": [*_path_parameters(route), *_query_parameters(route, schemas), *_header_parameters(dialect)],
        "responses": _responses(dialect, route, schemas),
        "security": [] if route.public else [dict(together) for together in dialect.security],
    }
    if about.description:
        described["description"] = about.description
    body = _request_body(route, schemas)
    if body:
        described["requestBody"] = body
    return described


def _path_parameters(route: Route[Any]) -> list[Schema]:
    return [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
        for name in _PATH_PART.findall(route.path)
    ]


def _query_parameters(route: Route[Any], schemas: _Schemas) -> list[Schema]:
    if route.source not in (Source.QUERY, Source.QUERY_OR_BODY):
        return []
    # Of two ways to make a call, the last is the one that a query string can carry.
    parameters = []
    for name, schema in schemas.fields(route.described[-1]).items():
        plain = {word: said for word, said in schema.items() if word not in ("description", "anyOf")}
        kinds = [kind for kind in schema.get("anyOf", ()) if kind.get("type") != "null"]
        parameter: Schema = {
            "name": name,
            "in": "query",
            "schema": (kinds[0] if kinds else plain) or {"type": "string"},
        }
        if "description" in schema:
            parameter["description"] = schema["description"]
        parameters.append(parameter)
    return parameters


def _header_parameters(dialect: Dialect) -> list[Schema]:
    return [
        {"name": name, "in": "header", "description": said, "schema": {"type": "string"}}
        for name, said in dialect.request_headers.items()
    ]


def _request_body(route: Route[Any], schemas: _Schemas) -> Schema | None:
    if route.source is Source.UPLOAD:
        names = [field.encode_name for field in msgspec.structs.fields(route.reads)]
        properties = {name: {"type": "string", "format": "binary"} for name in names}
        form = {"type": "object", "properties": properties, "required": names}
        return {"required": True, "content": {MULTIPART: {"schema": form}}}
    if route.source in (Source.NOWHERE, Source.QUERY):
        return None
    alternatives = [schemas.of(struct) for struct in route.described]
    content: Schema = {"schema": alternatives[0] if len(alternatives) == 1 else {"anyOf": alternatives}}
    if route.about.example is not None:
        content["example"] = route.about.example
    kinds = (JSON, FORM) if route.source is Source.BODY_OR_FORM else (JSON,)
    bodies = dict.fromkeys(kinds, content)
    if route.files:
        bodies[MULTIPART] = {"schema": _with_files(route, schemas)}
    return {"required": _body_needed(route), "content": bodies}


def _with_files(route: Route[Any], schemas: _Schemas) -> Schema:
    """The form whose fields a call reads, some of them as files."""
    (asked,) = route.described
    fields = schemas.fields(asked)
    for name in route.files:
        fields = {**fields, name: {**fields[name], "type": "string", "format": "binary"}}
    required = [field.encode_name for field in msgspec.structs.fields(asked) if field.required]
    return {"type": "object", "properties": fields, "required": required}


def _body_needed(route: Route[Any]) -> bool:
    if route.source is Source.BODY_OR_FORM:
        return any(field.required for struct in route.described for field in msgspec.structs.fields(struct))
    return route.source is Source.BODY


def _responses(dialect: Dialect, route: Route[Any], schemas: _Schemas) -> Schema:
    refusals: dict[int, list[FaultCode]] = {}
    common = () if route.public else dialect.common_faults
    for code in dict.fromkeys((*route.faults, *common)):
        refusals.setdefault(_shown(dialect, route, code).status, []).append(code)
    responses = {str(route.status): _success(dialect, route, schemas, refusals.pop(200, []))}
    for status in sorted(refusals):
        headers: Schema = {"X-Request-Id": _REQUEST_ID}
        if status in (429, 503):
            headers["Retry-After"] = _RETRY_AFTER
        responses[str(status)] = {
            "description": _listed(dialect, route, refusals[status]) or HTTPStatus(status).phrase,
            "headers": headers,
            "content": {JSON: {"schema": _refusal(dialect, route, refusals[status], schemas)}},
        }
    return responses


def _shown(dialect: Dialect, route: Route[Any], code: FaultCode) -> Shown:
    return route.otherwise.get(code) or dialect.shown(code)


def _success(dialect: Dialect, route: Route[Any], schemas: _Schemas, refused_alike: list[FaultCode]) -> Schema:
    """Success, together with the refusals of dialects that put them under the same HTTP status."""
    if route.status == HTTPStatus.NO_CONTENT:
        return {"description": "Done.", "headers": {"X-Request-Id": _REQUEST_ID}}
    answer = schemas.of(route.answers)
    if dialect.envelope is not None:
        answer = {"allOf": [schemas.of(dialect.envelope), {"type": "object", "properties": {"data": answer}}]}
    content: Schema = {"schema": answer}
    description = "Done."
    if refused_alike:
        content["schema"] = {"anyOf": [answer, _refusal(dialect, route, refused_alike, schemas)]}
        description = f"Done, `code` 0; or refused:\n\n{_listed(dialect, route, refused_alike)}"
    if route.about.answer_example is not None:
        content["example"] = route.about.answer_example
    return {
        "description": description,
        "headers": {"X-Request-Id": _REQUEST_ID},
        "content": {route.about.content_type: content},
    }


def _refusal(dialect: Dialect, route: Route[Any], codes: list[FaultCode], schemas: _Schemas) -> Schema:
    if "code" not in getattr(dialect.refusal, "__struct_fields__", ()):
        return schemas.of(dialect.refusal)
    shown = sorted({_shown(dialect, route, code).code for code in codes}, key=str)
    return {
        "allOf": [
            schemas.of(dialect.refusal),
            {"type": "object", "properties": {"code": {"enum": shown}}},
        ]
    }


def _listed(dialect: Dialect, route: Route[Any], codes: list[FaultCode]) -> str:
    shown = [(_shown(dialect, route, code), code) for code in codes]
    lines = sorted({(str(how.code), how.words, code.value) for how, code in shown})
    return "\n".join(f"- `{number}` {words}: {meaning}" for number, words, meaning in lines)


def _tags(dialects: Sequence[Dialect]) -> list[Schema]:
    tags: dict[str, Schema] = {}
    for dialect in dialects:
        for route in _described_routes(dialect):
            tags.setdefault(route.about.tag, {"name": route.about.tag, "x-api": dialect.name})
    return list(tags.values())
