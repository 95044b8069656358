"""Messages + a JSON schema -> a model's reply, or ModelError: the one door to `openai`.

Whatever goes wrong behind the door comes out as a ModelError with a reason and words of our own: a server's message
may hold part of a key or of an answer. `openai` takes half a second to import, so only who talks to a server pays.
"""

from __future__ import annotations

from interviewer.llm.capabilities import Capabilities, ReplyForm
from interviewer.llm.chat import Chat, ChatModel, Message, ModelReply, OnText, Schema
from interviewer.llm.failures import model_error
from interviewer.llm.local import LocalServer, local_servers
from interviewer.llm.openai_chat import CONNECT_TIMEOUT_S, NO_KEY, OPENAI_URL, OpenAIChat
from interviewer.llm.scripted import Asked, Scripted, ScriptedChat
from interviewer.llm.wire import WIRE, Wire

__all__ = [
    "CONNECT_TIMEOUT_S",
    "NO_KEY",
    "OPENAI_URL",
    "WIRE",
    "Asked",
    "Capabilities",
    "Chat",
    "ChatModel",
    "LocalServer",
    "Message",
    "ModelReply",
    "OnText",
    "OpenAIChat",
    "ReplyForm",
    "Schema",
    "Scripted",
    "ScriptedChat",
    "Wire",
    "local_servers",
    "model_error",
]
