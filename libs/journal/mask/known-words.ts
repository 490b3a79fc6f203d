import { listFieldNames } from '#crm-client';

/**
 * Words from our texts in three languages, and of field names and codes of providers' APIs. None of
 * them is personal. Any other word may be a name, so it is masked. Add words here that are missing in
 * the journal.
 */
const WORDS = `
  ab abajo abandoned abierta abilities ability abort aborted about above abra abs absolute accept accepted accepts acceso access
  account accounts accounttokenexpiresat accounttokenhash acepta aceptada aceptan aceptar ack acknowledge acknowledgement acquire act
  action actionid activa active actualizar actualize actívela adaptive add added addinstance additional address addresses adicional
  adjust adjúntelo administra admita admite admiten adopt aduana adáptelo ae aed affected affects after again age agent agents ago
  agotó ahead ahora ajustar ajustes al albaranes albarán alcanza alguno alive all alloc allow allowed allownegative allowprivatehosts
  almacén alone alpha already also although always ambas amd ami among amount amounts an analogs analytics analyze ancestors anchor
  and anew announce another answer answered answers antelación anterior antes antiguo anulada anulado any anything anywhere análogos
  apagado apart api apikey apikeysealed apimessage appeal append application applied appliedbefore applies apply approve approved aquí
  archivo are areas arguments argv arial array arriba arriesgado arrive ars article as ascii asegurado aside asignan ask asked asking
  asks assert assign asterisk async así at atendidas attach attachments attempt attempts attended attributes au aud audio aunque auth
  authentication authorization auto autocomplete automatic automáticamente available avatar await awaiting away azn añada añadida
  añadir añádalo aún back backend background backslashes bad badinputerror badline badlines balance balances banco bank banner barcode
  barcodes bare barra barras base basename baseurl basis basket batch bcd be bearer became been before begin beginning begins behind
  being believes belongs below beneath beside best between bg bgn bhd bif blacklist block blocked bnull bob body bold boolean booleans
  borre bot both bought bound box br bracket break breaks bridge bridges brl broke brought browser bucket buffer build
  buildbalancestatements building buildsettingsform built bulto bultos bundefined busca business busy but buyer by byid byn byprovider
  bytes ca cabecera cache cad cada caduca caducado caducó calculate calculator calendar call callback callbackerror callbackguard
  callbacks called caller calls cambia cambiado cambiar cambie cambio came camino campaign campo campos can canal canales cancel
  cancelada cancelados cancelarse canceled cancellation cancelled cancelledstatus canceló cannot cantidad capital caption capturable
  capture captured caracteres card cards carpeta carriage carrier case cash cashless casualidad catch caught causa cause cdek ceil
  cell cells centavos centimetres centralita centre centro centros cents centésimas cercano cercanos cf cffa ch chance change changed
  changes changestate channel channels characters charge charged charges chars charset chat chats check checkbox checked checking
  checkout chf choice choices choose chosen chunk ciento circle cities city ciudad ciudades claimduesettings clasificación class
  classes clave claves clean clear cleared clf click clicks client cliente clientes clientid clientidhash clientidsealed clock clone
  close closed closest clp cny coalesce cobra cobrar cobro cod code codes coincide coinciden collect collected colon color colour
  column columns come comentario comes comienzo coming comisión comma command commas comment commit common como company compare
  compared compares comparisons compiled complete completed completo component components compra comprador comprados comprobar comprueba
  compruebe compró comunes comunican con concat condición condition conditions conectado conectar conexiones conexión conf config
  configurando configurar configured confirm confirmación confirmado confirmar confirmarse confirmation confirme confirmed confirmó
  conflict connect connected connection connectionentity connectionid connectionrow connections connector connects conoce conocido
  conocidos conserva conservar conservarlo consideró const consta construct constructible constructor contact contactar contacto
  contenido content contenthash contents contestó context contexto contienen continue contour contra contract contractfields contracts
  contradict contragent contraseña contrato contratos coordinates cop copie copied copurchase copy correct correctos correo corrija
  corríjalos corto cos cost coste costs cotiza cotización cotizar could count countchanged counted counter counting countries country
  counts courier couriers crc creado create created createdat createdefaultsettings createquerybuilder creating creation credenciales
  credentials credentialstoldat credit cree crm crmid crossdock cs csv cualquier cuando cuatro cuenta cuentan currencies currency
  current currentconnection currentmodule curso cursor custom customer customers customs cut cuándo cuánto cvc cx cy cz czk céntimos
  código códigos cómo da dangerous dar dashboard dashes data database datasource date dated datos day days daños dd de deactivate
  deadline debe decide decimal decimales decimals decir declarado declared decline declined decode decorated decorator deeply default
  defaults defined defineprovider definir definition deja dejará del delay delete deleted deletes deleting deletion deliver delivered
  deliveries delivery deliveryid deliveryids deliverypoints demasiado dentro dep deployment depth desactiva desactivada desactive
  desactívelo desarrolladores descartadas desconocido describe described describemessenger describió description desde desordenados
  despachado después destinatario destination destino destroy detail details developers development device devolución devolvió
  devuelta devuelva dial dialled dialogue dials dictionary did difference differs difiere digest digits dimensions dinero dinner
  direcciones dirección direction directories directory dirty disabled disconnect disconnected disconnectedat discount discriminator
  dismissed dispatch dispatcher display disponible disponibles disputa disputado dispute disputed disputes disputó distance distinto
  disturbed divisible djf dk dkk do docs doctype document documento documentos documents does domains domicilio donde done door dop
  dos dots double doubt down drop dropped drops dropunchanged dryrun dto dtoclass dudas due dueat duplicado duplicate dura duration déjela déjelo
  día días dígitos dónde each earliest early east economy económico edit editable editing edits ee effect either ej ejemplo ejemplos
  el elegir elegirse elija eliminado elimine eliminó ella else elsewhere em email emit emoji empezar empiece empieza empiezan empresa
  emptied empty en enable enabled encaja encarga encode encontrado encrypted encryption encuentra end ended endedat endpoint endpoints
  ends eng enlaces enlist enough enseguida enter entered entero entidad entity entitytype entonces entorno entrega entregado entregar
  entregas entregó entries entry enum env envelope enviar enviarse environment envió envía envían envíelo envíelos envío envíos epoch
  equivale erased erases error errors errortext es esa esas escriba escribir escribirse escrito ese esta estaba estado estados estar
  este esto estos estuvo está están esté estén etiqueta etiquetas eur europe event eventos events every everyday exact example
  examples exceeded exchange exchanges exclude exec execute exist existe existencias existing exists expand expected expire expired
  expires expiry explain export exports expose expression ext exten extends extension extensiones extensions extensión external
  externalid externalids externaluserid externos extra extract extradata facturas fail failed failing fails failure failures falla
  fallida fallido falló false falta family far fb fbf feature fecha fee fetch few fewer fff fi ficha field fields figura figures fila
  filas file filename files fill filled filter final finally find findbyid findchatmisfit findchoicemisfit findkindmisfit
  findlookupmisfit findmissing findone findoneby findrecoverymisfit finds findview findwebhookmisfit finish finite firma firmar
  firmarlo firmas first fiscal fits fitting flat flight float floor folder follow followed following follows fondos font foot for
  forget form format formatdate formats forms found four fr fragment fragments frame fraude fraudulent free freeform fresh freshuntil
  from front frozen fue fuentes fulfilled full funciona function funds further gate gateway gather gathered gave gb gbp gel general
  generales generation geo gestión gestor gestores get getparser getrepository gets gi give given gives giving gmatch gnf go goes
  going gone good goods gr grabaciones grafías grams grandes grant gratis greater group groups growing grupos gte gtq guarda guardadas
  guardado guardados guardan guardar guarde guardó guide guía ha haber habrá hace hacerlo hacia had hand handed handled handler
  handlers handout handover hands hangs hangup happened hará has hash hashimport hasta have hay haya head header headers heads health hear
  height held here hex hexadecimal hget hh hidden hide highest hint hints history hizo hk hmac hmget hnl hold holder holding holds
  home homeless hook hora horaria horario horas host hosted hostedmodule hostname hosts hour hours house housing how hr href hset html
  http https hu hub hubs huf hundred hundredths icon id idempotency identificador identificadores identifiers identify idioma idr ids
  ie if ignore igual ils im image imagen img implements import importe imported importedline importes importoptions importreport
  imports importtarget impossible imprime imprimir imprimirlo in inbatches inbox includes incluido incluye incoming incorrect index
  indica indicadas indicar indicó indique infinity informar information inicial initial initialisers initials inline inner input
  inquiry inr insert inside inspección inspection installed instance instanceof instances instante instead insufficient insurance
  insured int intake intakes integer integration intent intenta intento intents interactive interface interfaz intermedio internal
  internet interno internos interval intervalo into introducir introduzca inténtelo invalid inventories invertidas invoice invoices
  invoiceuuid ip ipcity ipcountry iqd ir is isarray isdefault iserased isfirstpart isk ismap isnumber iso isoptional isown isstring
  issuer isuniqueviolation it italic item items iterable its itself iva javascript job jobs jod join joined joinwithoutloops jp jpy
  json jsonb jsonl judged junto juntos just keep keepkey keepmemory keeprules keeps keepscopes keepsettings keepsnull kept key keyed
  keyof keys keyword kg kgs kilogram kilogramo kilograms kind kit kmf know known knows kopecks krw kwd kzt la label labels laborable
  laborables lacks lado landmark lane lang language large larger largo las last lasts late later latest latin latitude le least leave
  leaving ledger ledgerimportentity leen leer left leg legal legs length lengths less let letras letter letters level li libro lies
  life lift like limit limited limiter limits line linecap lines link links list lista listaccounts listed listen listened listener
  listeners listening listinstances lists little live llamada llamadas llamados llamar llamó llega llegan llegó llevan lo load loaded
  loading loadtimezone local location lock locked locker lockinstances log logged logger login logo logos lone long longer longest
  longestpausemin longitud longitude look looked lookup lookups loose los lost lower lt lu lugar lugares lunch lv lyd límite límites
  línea made mail make makeinstance makes making manager managers manifest manifiesto mano manual many map marca marcado marcados
  marcan margin marked marketplace marking markoverload marks markup markups match matched matcher matches math max maxdays
  maxreplysize may mayor mayúsculas mb mdl mean meanwhile measure measurement media medidas mediodía medium meets member memo memories
  memory mend mended mends menor menos mensaje mensajero mensajeros mensajería mensajes menudo mercancía merchant merge message
  messages messenger meta metadata method metro mg mga middle midway mientras migrations millimetres millionths millis milliseconds
  mime min minor minute minutes minuto misfit misma mismo misnamed missed missedcode missing mm mode modes modificado modificarse
  modos module modulecode moduleguard modules molestar moment momento moneda money monitor monospace month more moscú most mostrado
  mostrados mostrar motivo move moveaccount moved movement movements mpeg ms msk mt much muelle muestra muestran multipart multiple
  must mx mxn my más máximo mínima mínimo módulo múltiplos nada nadie name named nameoffers names nan narrow national nconnection
  ncontent neach near nearest necesaria necesita necesite need needed needs negativos neither nested nestloop network networks never
  new newer newest newoffers news next nextcursor ngn ni nickname ninguna ninguno ningún nio nl no nobody nok nombra nombre non nonce
  none nor normalize north nosniff not nota notapplied note noted notes notesettingsread nothing notice notices now nueva nuevo null
  number numbered numbers numeric nunca nx nz nzd número números oauth object oblast obligatoria obligatorio obligatorios octet
  ocupado of off offer offered offers ofrece ofrecer ofrecida ofrecidas often ok old older oldest olds omr on once one ones online
  only opacity opción open opencheckout opened opening openmemory openrules opens opensettings openssl operation operations operator
  optional options or order ordered orderref orders origen origin originate originated originator other others otherwise otra otras
  otro otros our ours out outbox outcome outgoing output outside over overflow overload overloaded override overtaken owed own pab
  pack package packages packed packer packers packs padding paga pagado pagar page paged pages pago pagos pagó paid pair paquete paquetes
  para param parameter parameters params parcel parcels parcial parking parse parsed parser parsestored part parte partial partner
  parts pasado pasarela paso passed password pasó path pathname patronymic pattern pause pauses pay payed payer paying payload payment
  payments pays país pbx pdf pdfs pedido pedidos pedir peer peligrosa pen penalise pendiente pending people per percent perdida
  perdidas perdió performance period permiso permission permissions permita permite permitir permits permitted pero person persona
  personal personales peso pessimistic petición pexpire phone phones pi pick pickup pida pide piden pie piece pieces pin ping pjsip pl
  place placed placeholder places plain plan planifica plans plazo plazos pln plus poco point points policy poll pone ponga pool pop
  popularidad popularity por port portal posible posibles posix possible post postal postalcodes postales precio precios precision
  prefijo prefix pregunta preguntando preguntas pregunte prepara preparaba preprocessing presence present prevented previous price
  priced prices pricing primer primera primero principal principio print printable printed printing priority private privilege
  probarlas problem problema problems process processed processing product production productos products profile program programa
  progress prometida promise promised properties property propia propio propios protocol protocols proveedor provider providererror
  providerkind providers providerstate proxy prueba pruebas pruebe pt public pudieron pudo puede pueden puerta puesto punto puntos
  purchase purchaseprice purged push put puts px pyg página pídalo pública qr quantity que queda quede quedó query queryrunner
  question questions queue queues quien quitada quitar quite quién quote quoted quotes quoting qué race rand random randomint
  randomtoken rang range rank ranked rate rates raw reach reached reaches react reaction reactions reacts read readable reader
  readonly reads readstate ready real reales realizó really realpath reason recall recargo receipts receive received receiver receives
  reception rechaza rechazada rechazado rechazó recibe recibida recibido recibirlos recipient recoge recogida recogido recognise
  recognised recognized recomendaciones recommend recommendation recommendations reconcile reconciled reconciliation reconciliationid
  reconoce reconocido record recording recordings records recoveries recovery rect recuerdan recurring redirect redis redondear reduce
  reembolso reenter ref reference referencia refresh refund refunded refunds refusal refuse refused refusedcalls refuses region
  regiones regions register registered registeredhash registering registra registrada registrado registrando registration
  registrationerror registro registry registrándose región regla reglas reinstated reintentar reject rejected rel release released
  rellena rellenado reload rem remember remembered remitente remitentes remove removed renamed renew renewals renewed repaired reparto
  repeat repeated repetida repetido repetimos replace replaced replay replayed replies reply report reported reports repository request
  requested requests require required requires reserva reservation reserve reserved reserves resolve resource respond responda
  responde respondió response rest restore restricted restringida result results resume retailcrm retención retiene retiró retries
  retrieve retry return returned returning returns review revise rige rigen right ring ringing rings risk risky rk ro robada rollback
  ron root round route row rows rub rule ruled rules rulessealed run running runs rus rwf rx sabe safe saldos sale salen salida
  salientes salir same sample samples sans sar satisfies saturada save saved savepoint saving say says scale scaled scene scenes
  schedule scheduled scope scopes sdk se seal sealed sealedlength search searching second seconds secret secreta secretkey secreto
  secrets secs secure security see seen sees seguimiento segundo segundos segura seguro según sek select self sell send sender
  senderfields senders sending sendmessage sends sent sentat sep separado separated sequence ser serif served server service
  servicememory servicememorysealed services servicio servicios servidor session sessions set setfrozenbyoperator setting settings
  settingsdueat settingserror settingssealed settle settled settleseconds several señales sg sha shadow shape shapeof share shift ship
  shipment shipmentaddress shipmentdate shipments shipped shop shops shorter shortest should show shown shows shutdown si side sides
  siempre sign signal signals signature signatures signed signing signs sigue siguiente simla simple simplify sin since single sip
  site sites sitio sitios size sk slash sleep slice slot small smaller snapshot so sobre socket sola solo solos some something son
  sonaron soon soporte sort sorted sorting source sources sp spaces spam spelling spellings spendaccounttoken splice split spoken
  spool spot spots src ss staged stale stand standing stands start started starting starts stat state statement statements static
  station status statuses statusrules stays step sticky still stock stockchanges stocks stolen stop stopped store stored
  storedconnection stores stream street strikethrough string stringify stripe stroke structured structuredclone style su subarray
  subject submit subscription subscriptions succeeded success such suena suficientes suggest suggestions suggests sugiere sum suma
  summarize sums super supera superó support supported sus suscripción suspicion sustituirla sustituyen svg sweeper switch switched
  switchedonagainat sym symbol sync system systemurl sí table take taken takes tal talk talking talks tamaño también tan tantos
  taquilla tarda tarde target tarifa tarifas tariff tarifflist tariffs tarjeta tarjetas tax technology tecnología telemetry telephony
  tell telloffers tells teléfono teléfonos template templates tener term termina terminal terminó terms test testpay tests text texts
  th than that thb the theclass their them themselves then there these they this those three through throw tiempo tienda tiendas tiene
  tienen time timed timeout timer times timestamp timezone tipo title titular tjs tld tmt tnd to todavía today todos together token
  tokens tokeycolumns told tone tonumber too tooffer took top torows total tp tr trace track tracker tramo tramos transaction
  transactions transfer
  transform transit transmitido transport transporte transportista tras tres trial tried tries trim true trunc try trying tránsito ttl
  turn turns twice two tx type typeof types uah ugx ui uint ul un una unacceptable unanswered unavailable unblocked unchanged
  undamaged undefined under underline underscores understood undici unescape unescaped unexpected unfound unheard unique unit units
  unknown unless unnest uno unos unreachable unreadable unready unrecognised unrecognized unref unregistered unsafe unsettled unsigned
  unsubscribe until untold up update updated updatedat updateinstances upload upper uri url urlencoded us usa usable usan usar usd use
  used user userid username users using usted usuario usuarios utf utm uuid uuids uuidv uyi uyu uyw uzs vacía vacío vale valen valid
  validate validateif validatenested validation validator valor value values van vanished var varias varios vat ve veces velocity
  vender vendor venir verb verdad verify version vez vienen view viewport views violation visible visit visita visitante visitas
  visitor visitors visits vnd void volume volumen volumétrico volvió vuelta vuv válido véase wait waiting waitingforcapture waits wake
  wanted wants wantservices ware warehouse warehouses warn warning warnings was wasoff watch wav wavefmt way waybill waybills web
  webhook webhooks webvisits weighs weight weights went were what when where whether which while who whoever whole whom whose whsec
  why wider width will window windows wire with withdraw withdrawal withdrawn within without won words work worker working works would
  wrap write writestate wrong www xaf xmax xml xmlid xmlns xof xpf ya year yes yet you your yours yyyy za zero zip zm zona zonas zone
  zones ábrala él últimos única автомобиль адрес адреса адресах адресов адресом адресу аккаунта аккаунте аналоги аналогов атс база
  базовая базовой банк банке без берутся бесплатно беспокоить ближайшему близкой боевые более больше бот бота будет букв буквы бы
  бывают была быть валюта валюте валюты варианта вас ваш вашего введите введённое ввести веб вебхук вебхука вебхуки вебхуков велики
  верните вернул вес вида виде видит включите владелец вложения вместе внешние вниз внутренней внутреннем внутренний внутренними
  внутри во вовремя возврат возврата возвращается возвращена возвращены возвращён возьмите вопросы ворота вперёд времени время вручена
  вручить вручную вручён все всегда всех всё второго входе входит вы выберите выбора выбрать выдан выдачи вызвать вызов вызовы
  вызывает вызывают выключен выключено выключите выключится выполнится выхода выше вышло где город города городе городов городом готовил
  готовит
  готово груз групп даже данные данных даны дата два дважды две двери дверь действия действует действуют действующего делает денег
  день деньги диалплана диапазон диапазоне длинная длиннее длины для дней дня до добавить добавлено добавляется добавлять добавочный
  добавочных добавьте договор договора договорам договоре договору договоры документ долго должен должна должно должны домофона
  доставка доставки доставку доставлено доставляет доставляется доставок достигает дошедшие друг другая другие другим других другого
  другое другой другому другу другую его единственное ему если есть ещё её же журнал за забирает забирать забора забран заведены
  заведённого завершено завершил зависает заглавных заголовок задайте задан заданное задано заказ заказа заказе заказов заказу заказы
  заказывается закончен закрыта заменить заменяют занимает заново занят записан записей записи записываются запись заполнено заполнить
  заполняет запрашиваем запрашивает запрашивается запрет запрос запросите запятой зарегистрировал зарегистрирован заявки заявку
  заявлена звонит звонить звонки звонков звёздочкой здесь знает знаков значение значений зон зоне зоны идентификатор идентификаторы из
  известен известно известных изменение изменения изменено измените изменить или имеет именем имя индекс индекса индексов индексы
  интервал интервала интервалов интервалы интернете интерфейс используется используют исправьте истекает источники истёк исходящих их
  каждого каждое каждом каждые каждый как канал каналы карт карта карте картинка карточку карту карты кв квитанции квитанция кг
  килограмму клиента клиентов ключ ключу когда кого код кода кодами кодом коды количество комиссия комментарий компания кому
  контактное контекст контур контура кончается копеек короткая корп косой которого которое которому которые который которым которых
  кратного кто куда купил куплены курьер курьера курьерская курьеры латинских легковой ли либо лимит линию линия лифт лицо личные
  логин любого любое любому магазин магазина магазине магазинов магазином магазину магазины мб менеджера менеджеров меньше меньшее
  меньший меняет меняйте мессенджер мессенджера мест места местах место минус минуту мм могут модуль модуля может можно момента
  мошенничество на набираются назвал название названием названия называет наибольшая наибольший наименование наименьшая наименьшего
  наименьший найден найдено накладной наличие наложенный напечатать написание написания например населённый населённых настоящему
  настоящие настоящий настраивается настраивать настроек настроить настройках настройки находится наценка начала начале начало начатом
  начинается начинаются начните ндс не неверно невозможно него недостаточно недоступна неизвестна неизвестно ней нельзя нему ненужный
  нескольких несколько нет нечего нечем ни ниже никогда никто ничего ничьи но новая нового новое новом новую номер номера номере
  номером нужен нужна нужно нужны нужный оба обещанный обновить обратной обслуживаемые обслуживает общие общих объявленная объяснения
  объём объёмный обычный обязательны ограничения ограниченный один одна одним одних одно одного одной одному ожидает ожидается
  окончания округлять он она они оно опаздывают опасный описанию оплате оплатить оплатой оплату оплачено оплачивал ориентир осмотр
  осмотра основной оспорено оспорил оставлено оставьте остатках остатки остаются от ответил ответьте отвечает отгрузите отгрузить
  отгрузке отгрузки отгрузку отдаёт отдельно отказ отказал отказался отклонена отклонил отклоняется отклонён откройте открыта открыто
  откуда отличается отменена отменено отменил отменить отменён отменённых отмеченные отозвал отправители отправитель отправителю
  отправителя отправить отправки отправлен отправляет отправляется отправляются отправьте отрицательными оформлена оформление
  оформлении оформляется ошибка ошибкой папка папки папкой папку параметр пароль пару первая первый первым перевозки перевозчик
  перевозчика перевозчиком перегружена перед передавать передан передаются передаётся пересекается перестанет перечисленных печатается
  печатать печатной печатных пишет планирует платеже платежей платежи платит платите платы платёж платёжном плюсом по повреждений
  повтор повторите повторится повторить повторяется под поддержки подключение подключении подключений подключения подключено
  подключить подключён подозрение подписать подписи подписка подписывать подпись подсказывает подтвердил подтвердить подтверждения
  подтверждён подходит подходящая подъезд позвонить позже пока показаны показать показывает показывается показывать покупателем
  покупатель покупателю покупателя покупают поле полностью получателем получателя получать получен получении получено пользователей
  пользователь пользователя поля помнят попадают попробуйте популярности попытка порядку посетителя посещение посещения после
  последние посмотрите поставщика постамата постамате посылка посылки посылок потерял потерянная потом почтовые пояс правил правила
  правилами правилах правилом правильным превышен предела предлагаемые предлагаемых предлагает предлагается предлагать предыдущий
  прежде прежним префикс при придут приезд приезда приездом приезжают приложите примера примерка примерку примеров примечание
  принимает принимается принимаются принял принят принята принять прислала приходит приходят причин причина причины пришёл приёма
  проблема пробное проверить проверьте проверяет программа программе продавать проигран прокси пропущенные просрочена просьбе
  противоречат проходит процента прочитать прошло прошёл прямо публичным пункт пункта пункте пунктов пункты пусто пустое пустые пустым
  пути работает работы рабочее рабочий рабочих равный раз раза размер разным разрешение разрешено разрешите разрешить разрешён раньше
  распознан рассчитывается расчёте расчёту регион регионами регионов регистрируется реестр реже режим режиме режимы резервирует
  рекомендаций рискованным руководство рядом сайта сайтов сам сама самая сбой сверху свои свой своя сдаются сделано сдэк себя сейчас
  секрет секретный секунд сервер сервера сервис сервиса сервисе символов символьный склад склада складе складской складу сколько
  скопируйте следующего следующее следующий слишком служба случайно случайностью слышно см сначала снова со собственные события
  событиями совпадает содержать содержит создайте сообщают сообщение сообщений сообщения соответствия соответствует сортировке
  сортировочного сортировочные сортировочный состоялся сотых сохранено сохранены сохраните сохранится сохранить сочтён списана списка
  списке список списывается списываются спор спрашивает спросите сразу средняя срок сроки ссылки ставит старый статус статусов статусы
  стать стоимости стоимость сторона страна стране страница страной страны страхование страхованием строка строке строки сумм сумма
  суммы счетах считает считается считать считаются счёте сюда та так такая также таким таких такого такой таможенное тариф тарифа
  тарифов тарифом тарифы текст телефон телефона телефонов телефоны тестах тестового тестовые тестовый тестовых технология то товар
  товары того токен только тот точек транспорт транспорта требует трек три удалено удалил удалите удалить удалось удалён удержание
  удержания удерживаются уже узнайте узнаёт укажите указан указана указаны указать украденная управления условие услугами услуги
  уходят учитываются учёт учётные файл файла формат формате формах формы хотя хранится хранить хранятся целым цена ценах цене ценность
  центов центр центра центры цену цены цифр часовой частичная часто часть часы чат чатах чатов чем через черты четырёх число числом
  читать читаются чтение что чтобы чуть чём шага шк шлюза экономичная этаж эти этикетка этикетки этикеток этим этими этих это этого
  этой этом этому этот эту юрлицу является язык
  activada activity advance alfa ambos artículo artículos bancaria bet bits bloqueada buyers caja cambió centimeter cerrado cm cobró
  commission commodity composite compradores consultar crédito cub cubic deben decimeter demasiadas devolver devolverse dm duplicated
  efectivo ellos employed enviados etapa etapas excise ffff forma gain gambling gcal gigabyte gigacalorie gram idempotence identificarse
  identified illegal intellectual ipv js kassa kb kilobyte kilowatt kwh liberar liter llamarlo loan lottery me megabyte meter milliliter
  minutos mir ml mobile monedero móvil necesario net notificaciones notification notifications operador operating party pc pcs permiten
  planned platform premium prepayment previsto prize procesando receipt recibo recibos redes refundable registran requiere resort retener
  retenido retraso saldo sales sber sbp sec sq square stage stages tb terabyte ton ud wallet yoo yookassa
  баланс банка банковская банком бизнес будут валютой вернуть включены выключены гбайт гкал гр двумя дм завершает закрыт заплатил
  запрещены запросов зарегистрированы значения зону идентифицировать кассы кбайт квт ключа ключом кошелёк кредит кредите мбайт мин минуты
  мл много наличные об обрабатывает одну онлайн оператор операции оплата оплатил оплаты ответили отклонено отправленные отпустить
  планируемый платежа плати поддерживается подходят покупателям покупки примут прочие сбер сбп связи сети сменили списаны списать способ
  способа способом стадию стадия стадиями станет стоит сут там тбайт уведомлений удержанных удержаны удерживает узнать часовую частями
  чека чеки чеков шт
  acceptance aceptado actas acts agotaron apiship assessed calcula calle cancelado carriers comisiones comprado conecte contrata cuál
  cálculos delivering devuelto dice enviándose expedición fees included llame mire perdido preparada prepared recargue respuesta resto
  roubles rublos solicitud solicitudes succeed terminar transportistas uploading vuelve
  animation certificate edited entities forbidden forward info keyboard offset photo photos resize sticker telegram unauthorized updates
  venue video voice
  callinfo callstart clid direct disposition echo lifetime notified notify predicted rec recorded skip statistics stats till unallocated
  unixtime zadarma zd
  акты возникла выдаче вызван вызова вызывается готов дом доставлен закончились зарегистрировала идут кабинете каждой какому личном
  назначения начинаться обращаться обязательно передачи подготовлен подключите пополните просит расчёты рублях сборов своей службе службой
  службу службы сообщает страховку тарифами улица услуга утерян частичный
  abre abrir abrió absoluta acaba acknowledged activo adapte adelantan administrador administrators afterwards alerta algunos allows allí
  almacenes amex antiguas anula anular aparece aplicación appears archivos arrived asigne avisan because began begun billetera blob bloqueó
  bots bring brings buscadas buscan button cajero callers cambiando cambiaron cambios cargue caso chooses cifrado cifras claim cloud cobrará
  cobre collects comprobando conectados conectó configurado confirma confirms contabilizar contraparte copiar correcto counterparty crear
  cualquiera cuotas cupón cuya cópiela cópielo cópielos debit decidir defina delayed demasiados demás desconéctelo descuentan despierta
  devolviendo diez digital discarded discards débito editar elemento elementos elige eliminada elíjalos emita enciéndalo encrypts encuentran
  enlace enseña enteros enters entre entregan entregue entretanto envíe errordescription errormsg erróneos escribe escuchar espacios espera
  espere examining expenses explica factura faltan finished fit fraud fuera futura gastos gestiona got grande guiones guárdelo haga half
  handles hechos hyphens identifier income indiquen ingresos integración interrupted introducida introducidos introducirlo introdúzcalo
  invisibles issue journal kinds lanes lately leads libre lleva líneas manera marcar marque meant medios menores miembros minúsculas
  mostrará moves mueve na niveles noroeste noticed nuevas ofrezca oxxo pague palabras panel pasa paste pegue pequeño physical picture pierde
  porque posteriores preguntar preguntará pregúntele prepagados prepago prepaid press privada probar processes producción producto pruébelo
  publica published pulse quitó rango rato re reacción reading recalculando recalculating rechazan rechazar reclamo redirects registró
  repita reservan reservar reservas reservó respóndalo restart resultado retienen revisando revíselo rights régimen script sección section
  seven shared siete slip socio somewhere sooner southern spans storage stories subscribes superiores sur suya suyos switches tareas ten
  thank tick ticked tipos todas todo traen transferencia tus va vales vaya vea ven ver virtual volver voucher vuelva véala waited wakes
  accepting announced assigns automatically blank cancelling different erase hourly immediately inquires intervals invisible issued ll
  bundling contains continued creates decorators fixed replied task
  appear arrives completes consent detected earlier exceed exceeds incomplete initially main maximum minimum overlap similar
  meantime occurred preferably recent refunding rejects remains replacement resolved responded stated transferred uses we
  western whatever writes written yourself área últimas último абсолютным адресами аккаунт банковский боевого ботов боту будущей буквами
  было быстрее валюту ваша вашей вашу вверху вводить вебхуками вернитесь вернуться вернётесь видеть видна видны включатся включён владельца
  вложено внешний возвращено войдите временем вставьте второй входящий выберет выписке выполнено выпустите выставьте года дальнейшие дальше
  данными датой даёт движутся двоеточие де дебетовая действие делается дело держит десять дефисов дефисы добавочным доступ доступен доступы
  доходы дошла дошёл другом ждёт загрузите задержкой займёт заказами заказом закупочная замечаются заполните запросы зарезервировано
  зарезервируйте затем звонка звонках звонком звонок звонящего значением идентификатором имени имеющейся индексом интеграции интеграция
  исключённые исход исходящие исходящий ищутся кабинета каждая какие каких календаре картой касса клиент клиенты ключи кнопка коде колонками
  команду контуре копировать которая которой кредитная латиницей любом маркированного маркировки менеджерам менеджером меньших меняется
  месте минут модулю мы нажмите назвала названа названы назначьте наличными напишите настроенной настройкам находятся небольшую неверные
  неверных недолго недоступен неё никому ним них новый номеров нумерует нём объектом ограниченным окне оператором опечатка оплатите оплачен
  опросом опубликованного остались остальная остатка остатков остаток ответ отклоняются открывает открывается открыть отменяет отменённый
  отметьте отмечены оформите оформлением панели пара партнёр переадресуются перевод передайте переданы передать перечислите печатные писать
  платные плату подключены подождите подтвердит подтверждает подчёркиваний подчёркивания позволяет позвоните показываются покупателей полная
  полный получает получены попробовать пор посещением последнее поставьте потому почтовый почты поэтому правилам править правки право
  предоплаченная претензию приватном приложение приложению примет примите приняты присылать пробелов проведите проверены проверяется
  проводить программ пропадёт просмотры просыпается раздела разделе рассрочке расходы расчёт расчёта резерв резервировать результат решение
  сами самого сборами свободен связь сдаёте сделайте сделать секретной секретным секретом секунду секунды сетями силе система сказано сканер
  складов склады скомплектуйте служб смотрите соединила создавать создан создаёт сообщил сообщит сопоставьте состоянии сотрудника сотруднику
  сохранении сохранил сохранённое списания списано списком спросим спросит сроку ссылка ссылку ставки старые статья стороны странице
  страницу страницы строчными сходится счета счёт текстом телефоне тем теряются тестовой тестовыми типа товара товарами товаров тогда той
  токена токеном тремя уведомления удержанное удержано удерживают указано указывает успешных установлена файлы федерального физический
  формата хватает цветом целыми цифровая цифры часа часовая часовым чата чей чек чеками числа читается шаг шестнадцатеричным шифрования
  шифрует электронный эта языке января
  abrieron acceder accesible activan actual administradores adónde alerts anybody anyway aparecen app aprueban archivado archived around
  asígnele
  audit automático avisa avisos bajos belong bien botón buscar calendario central clic cobrado columnas comparison completa conectan
  configuración configurada configuradas confírmelo congelado congeló continúa cosa crea cuentas cópielas desactivado desactivados deshizo
  desvían detectan devoluciones dialogues differ diga dio diálogos elegirá encargar enero entrante entrar enviado equal errormessage
  escanean espacio estas evento examine excluidos excluyen exige explains exprés externo failuremessage favor fifth fiscales formato
  formatted forwarded frecuencia froze físicas gift giveaway grabación grupo haberse hacer he him historia incorrectos inferior instalments
  integraciones intentándolo lack latinas led lee lets liberó llama llaman llegado machine mal mantener masked medio members menú misspelt
  modo muchos nalog nombres numera objeto ocupa oferta ofertas ofrecidos overdue overview palabra partes pass permisos permit permitida
  pictures pierden postgres prepaga pressed programas programs publicada publishes páginas quedan reciben rediss regalo registradora
  reintenta repite reservado reservaría resumen revisar routes ruta said saliente scanned serve sets sido signos sirve solicitado sorteo
  spells stay stopping story strict subjects suficiente suscribe suyo tendría tenga texto theirs trae vendedor ventana volverá word
  автономная автономный администратор администратора архиве аудио берёт большое ботам ботом был вам введёнными ведёт велико верный видео
  видно
  виды видят включена включительно внутренние возвратов возвращаются вопрос всеми выбирает выключена выключенного вытесняют вычитаются
  глубоко готова группы даст двойным двух дел делать делиться диалогах диапазоном добавочного добавочные договоров долей дороге заблокировал
  заблокированные завершится заглавными заголовка заказах заменён заморожен занято запрошено зарезервирована зона идёт известной изменился
  интерфейса искать исключают каждым карточке карточки клиентом ключами контрагента конца лежит линий личного любой любым маркетплейсе менее меню
  мог модуле названо найти накладных налог налогообложения написать настроено настроены началом нашей небольшое невидимых недавно недоступны новые
  область облачной обновляется обрабатывается одновременно одном округ опросить оспаривает оспорен осталось остальным острова ответа
  отгружайте отдельного отказано отключите открыл открыли отметить отправленного отправлено отправлять паролем партнёру первую перейдите переносит
  пересчитывает печатаются платить платный повторов повторяйте повторяются подписывается подписью подтвердите покажет покупателе полей
  получатель полученный полчаса полю попросите потеряется появится поясом прав права правами предоплата предоплаченных приложении пример
  причину пробует проверять проводит программой продавца продуктом пройдёт проспект проходят публикует пускает путём равно разрешает реакции
  режима резервирования резервируется резервируют резервом решения сайты свободно своему своим своих сдаёт семь скрипт слов слово случае
  смог снаружи событие совершён соединять создаётся сомнений состоять сохранения сохранён способы спрашиваем спросить спросят среди ссылок ставка
  стадии стадийность стал строк строкой сумме сумму считал счёта тестов тестовом тех течение тоже том тракт угодно удался уйдёт фото хоста
  целиком чаще чеках чьего электронной элементов этикетках юрлицо языка
  базе безопасность блокировку бывает велика вид восстановлена всем выдаёт высота диалогов длина документа документы дома доступный
  единица единицы зависит запроса запросом знаком измерения инн использовать история казахстана каталоге короткий корреспондентский курс
  метро моего моём моему мой назад наложенного населённого настроен находит нашему невозможна номеру облачная обратиться обслуживается
  общий объявляйте описании отклонять передаёт плательщик повторно поддержка поддержку позиции позиция поиска пользовательские попытку
  потерян почта предел предмет предоплату прежних принимают разговор разделите размеров размеры расчётный рождения россии рубежом
  самозанятый свидетельства скидка снимет сообщите сохранение спасибо станция старт таможенные тест тип токены удалена указала улицы
  упрощённая ффд ширина штук эл электронная юридический юридическое abroad aceptó acting administrator alertas alto ancho anteriores
  autónomo avise batches boundary bundle búsqueda búsquelo cabinet catálogo certificado chargebacks citan claims clase cluster compartida
  consulte contain continues contracargos contrareembolso control conversación correspondent corresponsal corta declarados declare define
  depende descripción descuento disk dismiss divida draft duplica edificio electrónico ellas estación everyone extranjero fast father ffd
  fz guard guardarlo hanging identity indicado iniciar insight january jurídica kazajistán kazakhstan liberarlo mercado mi moy nacimiento
  negative negativo node npm nuestro operators pagador papers personalizados piso quedar razón reclamos recomendación reconciliations
  rellene repítalo replaces reset restauró restored restores retirado retired retorno revisarlo role rusia russia scroll seguridad seller
  serves simplificado simplified sklad social somebody steps sustituto synchronous trata unfreeze unidad unidades union unmeasured valores
  pro postgre sql baja gs
  atendida bicicleta bicycle blanco bloque buscamos camión car checklist clases coche comida comprobadas conectada contiene dado damaged
  daytime dañado descanso devuelve
  encontramos encuesta english entrance escritura español evening expedirse express foto franja franjas furgoneta game gracias hágalo iax
  incluir
  información inglés inicio juego latitud lejano lorry mañana modalidad morning motocicleta motorcycle noche nuestra oculto office oficina
  operación parámetro patent patente provincia puerto realizará redondeo reintentaremos reprogramado repítala rescheduled reservations
  responsable rounding ruso russian salto sentido siendo signo sirva solicita tanto telefonía terminada timbre transferir ubicación
  broken buys calling checks combined depends differences disappeared earlier fix omit queried queries reopens selects strategy supports tables threw thrown unfreezes years ошибки выполнен
  vehicle vehículo
  volveremos автоматически аналога английский артикул банкомат ближайшие блокировка блокировки блокирует блокируются боты вверх велосипед
  веса вечер включить внутреннего внутренним внутренних внутренняя выполнена география грузовик да дайте даты двухстадийная двухстадийной
  действующий дн дозвона долгота енвд есхн заблокирована заблокированная заблокированных заблокировано заблокированы заблокировать
  завершён записана запрещён запрошенное зарезервировать игра изменил инструкции исключает истекло итого ищем классы контакт контрагент
  короче кубик максимальная
  максимальный менеджер менеджеру менеджеры меньшей местоположение минимальная минимального минимальный минимум мотоцикл назначен
  накладная направление неактивен неверный некорректный обед общая одностадийная одностадийную ожидания округление операция описание
  оплатах опрос осн останется отвечен отгрузка отдаются отказаться отправлений офис патентная перенесена перенос перерыв пешком
  повреждена повторим
  повторяем подарок поддерживает поддержкой покупок порт посетитель почту принято приостановлен проверку проверяем разблокировать регионы
  резервы розыгрыш русский сдал сервере скрыт слушать совместных создана стикер стр схема схеме схему телефония утеряна утро фургон
  хранение часов широта штрихкод экспресс
  segunda repetir rechazo preparan listo impresión оплачивается вторым повторе готовятся придёт следующей печати
  abrirlo acción aclare activar actualización actualizado adds aplicar apruebe atención atiende attention añade bloqueado botones buttons
  cancelar cancele care cierre cinco clarify comando comandos commands comprobación comprobamos conectando consulta conéctelo copiado
  corríjalo defecto desactualizado distributes diálogo durante ello encoding encontraron entregaron enviada enviará everything fin five
  hecho historial immutable libres nuevos presses prevista problemas propone proponer reciba reembolsado reembolsar reparte responder
  respondido responsible respuestas roles sea sockets solicitando sonará sugerida suggested usado usó vence widget widgets ábralo вернутся
  виден внешнему внимания выполняет выполняется выставлен действительным диалога диалоге диалоги добавляет доставлены доходят зазвонит
  займётся заказано закройте запрошен изменились иначе использован использована ищется какого клиентам клиенту кнопки кнопкой команды
  могло найдены начался недоставленные недоступно неизвестен обновление обновлено обновлён обратитесь ожидался оспаривается остальное
  остаётся ответила ответить ответов ответственного ответы отвечать отказала отклонила отключён откроется отмена отмените отправится
  отправление отсюда панель переданный перезвонили платёжный подключается подсказок позиций применить приняла проблем проблемы проверим
  проверка пропущен пропущенный пять разблокировка распределяет резерве роли скопирована скопировать скоро собственных создания состояние
  статуса текущем телефонии товарах умолчанию устарела устареть уточните час чаты шлюз repartidor вернулось едет обратно
  переходите перейти можете списание ссылке отклонено venció
  adapter billed comparable delimiter differently doubles facts figure gross layout monetary payout payouts promises quoted register
  registers suman totals uploads collected unreadable refunded booked
  algo cuadran вернулся договором завершения посылку сходятся
  había fallado теперь déle lectura секретного выплаты
  заменил superar compruébela выкуплено вручено передано записывать частично забирает permitirlo future partners bookings dealt
`;

/** Parts of names: `deliveryStatus_2` is `delivery`, `Status`. */
const PARTS = /\p{Lu}?\p{Ll}+|\p{Lu}+(?!\p{Ll})/gu;

let known: ReadonlySet<string> | undefined;

/** Lists the words of a text or a name, in lower case. */
export function listWords(text: string): string[] {
  return (text.match(PARTS) ?? []).map((word) => word.toLowerCase());
}

/** Whether a word comes from our texts or an API, so that it is not a person's name. */
export function isKnownWord(word: string): boolean {
  known ??= new Set([...WORDS.split(/\s+/), ...[...listFieldNames()].flatMap(listWords)]);
  return word.length === 1 || known.has(word);
}
